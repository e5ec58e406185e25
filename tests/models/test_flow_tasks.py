"""Tasks in the order work goes through them."""

from __future__ import annotations

from flowtui.models.flow_tasks import FlowTask, Upstream, placed
from flowtui.models.ids import FlowId, TaskId


def task(slug: str, *after: str) -> FlowTask:
    upstream = tuple(Upstream(one) for one in after)
    return FlowTask(TaskId(slug), FlowId("f"), slug, slug, upstream=upstream)


def laid_out(*tasks: FlowTask) -> list[str]:
    return ["  " * one.depth + one.task.slug for one in placed(tasks)]


def test_a_task_stands_under_the_deepest_of_those_it_waits_for() -> None:
    assert laid_out(
        task("publish", "load", "extract"),
        task("load", "clean"),
        task("clean", "extract"),
        task("extract"),
        task("notify"),
    ) == ["extract", "  clean", "    load", "      publish", "notify"]


def test_siblings_stand_in_the_order_of_their_names() -> None:
    assert laid_out(task("root"), task("b", "root"), task("a", "root")) == ["root", "  a", "  b"]


def test_edges_to_nowhere_and_circles_hide_no_task() -> None:
    assert sorted(laid_out(task("a", "gone"), task("b", "c"), task("c", "b"))) == ["a", "b", "c"]


def test_a_long_chain_of_tasks_is_laid_out() -> None:
    chain = [task("0"), *(task(str(n), str(n - 1)) for n in range(1, 3_000))]
    assert [one.depth for one in placed(chain)] == list(range(3_000))


def test_who_waits_is_known_from_both_ends() -> None:
    first = placed([task("a"), task("b", "a"), task("c", "a")])[0]
    assert first.downstream == ("b", "c")
