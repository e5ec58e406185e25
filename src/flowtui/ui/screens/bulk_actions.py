"""Lists in which many can be marked, and something be done to all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import on

from flowtui.models.text import amount, thin_groups
from flowtui.ui.actions import MENU_KEY, action
from flowtui.ui.beyond import Beyond
from flowtui.ui.bulk import Bulk, BulkDeed
from flowtui.ui.screens.frame import ActionScreen, something_to_change
from flowtui.ui.screens.listing import ListingScreen, in_list
from flowtui.ui.widgets.table import RecordTable


def markable(screen: Any) -> str | None:
    """Rows of the list can be marked."""
    return None if screen.list_table.can_mark else "nothing can be marked in this list"


def marked(screen: Any) -> str | None:
    """Something is marked."""
    return None if screen.list_table.marked else "nothing is marked; space marks"


def marked_or_something(screen: Any) -> str | None:
    """Something is marked, or the menu would not be empty."""
    return None if screen.list_table.marked else something_to_change(screen)


def some_shown(screen: Any) -> str | None:
    """The list is not empty."""
    return None if screen.list_table.rows else "the list is empty"


def some_that_match(screen: Any) -> str | None:
    """The list is not empty, or holds only a part of what the filter may let through."""
    return None if screen.beyond() is not None else some_shown(screen)


class BulkActions(ListingScreen):
    """A list with marks; a subclass says in `deeds` what can be done to those that have one."""

    deeds: ClassVar[Sequence[BulkDeed[Any]]] = ()

    def deeds_now(self) -> Sequence[BulkDeed[Any]]:
        """What can be done to many, in the list that is shown."""
        return self.deeds

    def records_of(self, rows: Sequence[Any]) -> list[Any]:
        """What deeds are done to, of rows of the table."""
        return list(rows)

    def beyond(self) -> Beyond[Any] | None:
        """All that the filter lets through, where the list holds only a part of it."""
        return None

    @on(RecordTable.Marked)
    def _marks_changed(self, event: RecordTable.Marked) -> None:
        if event.table is self.list_table:
            self._tell_marks()
            self.show_keys()

    def _tell_marks(self) -> None:
        table = self.list_table
        count, hidden = len(table.marked), len(table.hidden_marks) if table.marked else 0
        said = f"{thin_groups(count)} marked" if count else ""
        if hidden:
            verb = "is" if hidden == 1 else "are"
            said += f", {thin_groups(hidden)} of them {verb} hidden by your filter"
        if said != self.listing.marks_say:
            self.listing.marks_say = said
            self.list_changed()

    # Marks

    @action("v", "mark range", in_list, markable, some_shown, bar=False)
    def mark_range(self) -> None:
        """Mark all from the last marked row to this one; space marks one."""
        count = self.list_table.mark_range()
        self.show_notice(f"{amount(count, self.listing.language.noun)} in the range.")

    @action("a", "mark all", in_list, markable, some_shown, bar=False)
    def mark_all(self) -> None:
        """Mark all that the filter leaves, of what has been read so far."""
        self.list_table.mark(self.list_table.rows)
        beyond = self.beyond()
        if beyond is not None:
            count = thin_groups(len(self.list_table.rows))
            self.show_notice(f"{count} marked: the rows read so far. X takes {beyond.called}.")

    @action("u", "unmark", in_list, marked, bar=False)
    def unmark_all(self) -> None:
        """Take every mark away."""
        self.list_table.unmark_all()

    # Deeds

    @action(MENU_KEY, "actions", marked_or_something)
    async def choose_action(self) -> None:
        """What can be changed here, for the marked rows where there are some; it asks first."""
        table = self.list_table
        if self.is_in_list and table.marked and self.deeds_now():
            chosen = await self._choose_deed(f"{len(table.marked)} marked")
            if chosen is not None:
                await self.do_to_many(chosen, self.records_of(table.marked))
        else:
            await ActionScreen.choose_action(self)

    @action("X", "actions on all", in_list, markable, some_that_match, bar=False)
    async def act_on_all(self) -> None:
        """Do something to all that the filter leaves; every target is shown first."""
        rows, beyond = self.list_table.rows, self.beyond()
        if beyond is not None and self.deeds_now():
            shown = f"the {thin_groups(len(rows))} shown"
            which = await self._choose_reach(shown, beyond) if rows else beyond.called
            if which is None:
                return
            if which == beyond.called:
                await self._do_to_all(beyond)
                return
        chosen = await self._choose_deed(f"all {thin_groups(len(rows))} shown")
        if chosen is not None:
            await self.do_to_many(chosen, self.records_of(rows))

    async def _choose_reach(self, shown: str, beyond: Beyond[Any]) -> str | None:
        """Those that are here, or all there are."""
        from flowtui.ui.dialogs.picker import OneOf, Pick

        picks = [
            Pick(shown, shown, "the rows that have been read so far"),
            Pick(beyond.called, beyond.called, "the rest is read and shown first"),
        ]
        return await self.app.push_screen_wait(OneOf("Actions", "on which?", picks))

    async def _do_to_all(self, beyond: Beyond[Any]) -> None:
        """Choose what to do, read what it is done to, and do it."""
        from flowtui.ui.dialogs.reading import ReadingDialog

        chosen = await self._choose_deed(beyond.called)
        if chosen is None:
            return
        reading = ReadingDialog(beyond, chosen.kind.noun, await self.flowtui.backend())
        found = await self.app.push_screen_wait(reading)
        if found is not None:
            await self.do_to_many(chosen, found)

    async def _choose_deed(self, which: str) -> BulkDeed[Any] | None:
        from flowtui.ui.dialogs.deeds import DeedMenu

        deeds = self.deeds_now()
        if not deeds:
            self.show_notice("nothing can be done to many of these at once", wrong=True)
            return None
        return await self.app.push_screen_wait(DeedMenu(deeds, f"{which}: {deeds[0].kind.noun}s"))

    async def do_to_many(self, deed: BulkDeed[Any], records: Sequence[Any]) -> None:
        """Show every target, ask, and send; those that are done lose their marks."""
        table = self.list_table
        marked = {deed.kind.key(one) for one in self.records_of(table.hidden_marks)}
        matches = self.listing.filter.matches
        hidden = {
            key for one in records if (key := deed.kind.key(one)) in marked and not matches(one)
        }
        bulk = await do_to_many(self, deed, records, frozenset(hidden))
        if bulk is not None and table.can_mark:
            done = [deed.kind.key(item.record) for item in bulk.with_status("done")]
            table.unmark(done)


async def do_to_many(
    screen: ActionScreen,
    deed: BulkDeed[Any],
    records: Sequence[Any],
    hidden: frozenset[str] = frozenset(),
) -> Bulk[Any] | None:
    """Show every target, ask, and send; what came of it, or None when nothing was sent."""
    from flowtui.errors import Refused
    from flowtui.ui.dialogs.bulk import BulkDialog

    app = screen.flowtui
    if app.profile.read_only:
        raise Refused("this profile is read-only, so nothing was sent.")
    if not records:
        raise Refused(f"there is no {deed.kind.noun} to do it to.")
    bulk = Bulk(deed, records, app.now, hidden=hidden)
    if not await app.push_screen_wait(BulkDialog(bulk)):
        return None
    done, rest = len(bulk.with_status("done")), bulk.to_send
    said = f"{deed.doing(len(bulk.items))}: {done} done"
    app.say(f"{said}, {rest} not sent." if rest else f"{said}.")
    screen.refresh_now()
    return bulk
