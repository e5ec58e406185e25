"""What the dashboard has to be able to do, and the tests that show it by keyboard.

Numbered as in the list of what the web UI could do; the numbers are names, so there are gaps. A
test is written as `folder/file::function` below `tests/ui`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Capability:
    """One thing an operator can do."""

    number: int
    text: str
    tests: tuple[str, ...]


def can(number: int, text: str, *tests: str) -> Capability:
    """A capability and the tests that show it."""
    return Capability(number, text, tests)


MUST = (
    can(
        1,
        "see which backend answers, in which version, and that it stopped",
        "test_shell.py::test_the_connection_is_told_with_each_question",
        "test_shell.py::test_a_silent_backend_is_told_with_when_it_is_asked_again",
    ),
    can(2, "choose the backend by its address", "test_shell.py::test_profiles_are_switched"),
    can(
        4,
        "see one project alone, and make a new one",
        "screens/test_projects.py::test_a_project_is_picked_by_a_few_letters_for_flows_and_runs",
        "screens/test_overview.py::test_what_happened_is_narrowed_to_failures_and_all_of_it_to_a_project",
        "screens/test_projects.py::test_a_project_is_made_and_then_called_and_described_otherwise",
    ),
    can(
        5,
        "find anything by part of its name or its id",
        "test_shell.py::test_finding_by_a_part_of_a_name_opens_what_is_chosen",
        "test_shell.py::test_finding_by_the_beginning_of_an_id",
    ),
    can(
        6,
        "know where one is, and climb",
        "test_shell.py::test_minus_goes_where_one_was_before",
        "test_shell.py::test_brackets_go_to_the_runs_beside",
        "screens/test_filtering.py::test_escape_goes_back_a_step_at_a_time",
        "test_paths.py::test_every_page_says_what_it_is_within_and_a_key_goes_there",
    ),
    can(
        10,
        "read all times in a zone of one's choice, and see which",
        "test_shell.py::test_times_follow_the_zone_that_is_chosen",
    ),
    can(
        12,
        "be told what an action did, and go to what it made",
        "screens/test_journal.py::test_a_notice_names_what_was_changed_and_o_opens_it",
    ),
    can(
        13,
        "see that an answer is old, and that nothing was asked in vain",
        "test_shell.py::test_a_silent_backend_is_told_with_when_it_is_asked_again",
        "screens/test_looking.py::test_an_answer_that_fails_leaves_the_last_good_one_and_says_so",
        "screens/test_flow_hostile.py::test_a_page_that_is_left_asks_for_nothing_more",
        "test_pane_ages.py::test_a_pane_says_how_old_its_own_answer_is",
    ),
    can(
        15,
        "see the last runs and the next ones as a band, and open one",
        "screens/test_overview.py::test_the_band_has_a_cursor_that_tells_and_opens_a_run",
    ),
    can(
        16,
        "see how many runs ended how, in a window of one's choice",
        "screens/test_overview.py::test_the_window_goes_from_a_day_to_a_week_a_month_and_an_hour",
    ),
    can(
        17,
        "see which flows failed, the newest first, and open the run",
        "screens/test_overview.py::test_enter_opens_the_newest_run_of_a_cause",
    ),
    can(
        19,
        "see what comes next, and start it now",
        "screens/test_overview.py::test_everything_in_progress_is_cancelled_and_one_planned_run_started",
    ),
    can(20, "see what is late", "screens/test_overview.py::test_why_is_one_key_from_a_late_run"),
    can(
        21,
        "clear what is late",
        "screens/test_overview.py::test_late_runs_are_cleared_by_cancelling_first_of_all",
    ),
    can(
        23,
        "see what runs, and for how long",
        "screens/test_overview.py::test_tab_goes_to_what_runs",
    ),
    can(
        24,
        "cancel all that runs",
        "screens/test_overview.py::test_everything_in_progress_is_cancelled_and_one_planned_run_started",
    ),
    can(
        26,
        "see how many agents are well",
        "screens/test_agents.py::test_an_agent_that_is_gone_is_removed",
    ),
    can(
        31,
        "list the flows, search them, and see archived ones",
        "screens/test_flows.py::test_flows_are_found_by_name_project_and_id",
        "screens/test_flows.py::test_archived_flows_are_shown_when_they_are_asked_for",
    ),
    can(
        32,
        "switch a schedule in the list of flows",
        "screens/test_flows.py::test_a_schedule_is_switched_from_the_list_of_flows",
        "screens/test_bulk.py::test_marked_schedules_are_switched_off_together",
    ),
    can(
        38,
        "open a flow with its versions, the newest marked",
        "screens/test_looking.py::test_a_flow_opens_with_its_runs_and_its_versions",
        "screens/test_flow_reading.py::test_the_page_says_how_the_flow_and_its_last_runs_went",
        "screens/test_flow_reading.py::test_an_old_version_shows_its_facts_and_its_runs_and_lends_its_parameters",
    ),
    can(
        39,
        "see what a flow was registered with, and copy its ids",
        "screens/test_flow_reading.py::test_ids_are_copied_from_the_settings",
        "screens/test_creators.py::test_cloud_tells_who_made_a_version_and_a_run",
    ),
    can(
        40,
        "add, remove and reset the labels of a flow",
        "screens/test_flow_changing.py::test_labels_are_set_for_all_versions_taken_back_and_reset",
    ),
    can(
        41,
        "see a flow's last hundred runs",
        "screens/test_flow_reading.py::test_the_page_says_how_the_flow_and_its_last_runs_went",
    ),
    can(
        43,
        "see how a flow's last run went",
        "screens/test_flow_reading.py::test_the_page_says_how_the_flow_and_its_last_runs_went",
    ),
    can(
        44,
        "see the errors of a flow's last runs",
        "screens/test_flow_reading.py::test_errors_of_the_last_runs_lead_to_the_log",
    ),
    can(
        45,
        "see what a flow will do next, and what is late",
        "screens/test_flow_reading.py::test_what_is_upcoming_says_when_and_what_is_late_is_started_or_cleared",
    ),
    can(
        47,
        "compare the versions of a flow",
        "screens/test_flow_reading.py::test_two_versions_are_compared_in_all_that_changed",
        "screens/test_flow_reading.py::test_marked_versions_are_the_ones_compared",
    ),
    can(
        50,
        "list a flow's runs, by state and by name",
        "screens/test_flow_reading.py::test_runs_are_filtered_by_state_and_by_name",
    ),
    can(
        52,
        "run a flow as it is, with one key and a yes",
        "screens/test_flow_changing.py::test_a_run_as_the_flow_is_takes_one_key_and_a_yes",
        "screens/test_flow_changing.py::test_a_run_that_needs_a_value_is_not_made_without",
    ),
    can(
        53,
        "switch a flow's schedule, or be told why not",
        "screens/test_steering.py::test_a_schedule_is_switched_off_and_on",
        "screens/test_steering.py::test_a_schedule_that_needs_a_parameter_says_so_and_stays_off",
    ),
    can(55, "archive a version", "screens/test_steering.py::test_a_version_is_archived"),
    can(
        56,
        "see and switch heartbeat, Lazarus and version lock",
        "screens/test_changing.py::test_a_safeguard_is_switched_and_switched_back",
    ),
    can(
        57,
        "change the default parameters of a flow",
        "screens/test_flow_changing.py::test_default_parameters_are_checked_and_set",
    ),
    can(
        61,
        "be refused a run of an archived version, with the reason",
        "screens/test_run_form.py::test_an_archived_flow_says_why_it_cannot_be_run",
        "screens/test_run_form.py::test_another_version_is_chosen_unless_it_is_archived",
    ),
    can(62, "name a run", "screens/test_changing.py::test_a_name_a_start_and_labels_are_sent"),
    can(
        63,
        "say when a run starts",
        "screens/test_changing.py::test_a_name_a_start_and_labels_are_sent",
    ),
    can(
        64,
        "give a run its parameters, each checked as one types",
        "screens/test_changing.py::test_a_run_is_created_with_parameters",
        "screens/test_changing.py::test_a_value_that_is_no_json_is_shown_where_it_is_wrong",
        "screens/test_run_form.py::test_parameters_are_edited_as_one_json_object",
    ),
    can(
        65,
        "give a run labels, and be warned when no agent has them",
        "screens/test_changing.py::test_a_name_a_start_and_labels_are_sent",
    ),
    can(
        69,
        "see what will be sent, and land on the new run",
        "screens/test_changing.py::test_a_run_is_created_with_parameters",
    ),
    can(
        70,
        "send a form twice and get one run",
        "screens/test_changing.py::test_sending_again_after_a_lost_answer_makes_one_run",
    ),
    can(
        71,
        "see a run's name, flow, project and state, and rename it",
        "screens/test_run_edits.py::test_a_run_is_renamed_and_renamed_back",
        "screens/test_looking.py::test_a_run_shows_tasks_states_and_log",
    ),
    can(
        72,
        "see all there is to know of a run",
        "screens/test_run_page.py::test_all_there_is_to_know_of_a_run_is_a_key_away",
        "screens/test_creators.py::test_cloud_tells_who_made_a_version_and_a_run",
    ),
    can(
        73,
        "change the labels of a run",
        "screens/test_run_edits.py::test_labels_of_a_run_are_edited_with_a_look_at_the_agents",
    ),
    can(
        74,
        "see a run's tasks on a line of time, and move along it",
        "screens/test_run_time.py::test_moving_in_the_timeline_moves_the_log_and_back",
        "screens/test_run_time.py::test_the_timeline_is_zoomed_and_panned",
    ),
    can(
        75,
        "list a run's tasks, by state and by name",
        "screens/test_task_lists.py::test_a_name_finds_tasks",
        "screens/test_task_lists.py::test_a_state_finds_the_children_that_are_in_it",
    ),
    can(
        78,
        "read a run's log as it grows",
        "screens/test_log.py::test_it_follows_until_one_scrolls_up",
        "screens/test_log.py::test_it_opens_on_a_run_in_a_list_and_esc_goes_back",
    ),
    can(
        79,
        "filter a log by text, level and time",
        "screens/test_log.py::test_only_hits_folds_the_rest_and_enter_opens_it",
        "screens/test_log.py::test_levels_are_counted_and_left_out",
        "screens/test_log_choices.py::test_only_the_last_minutes_are_shown_and_new_lines_are_counted",
    ),
    can(81, "save a whole log", "screens/test_log.py::test_the_whole_log_is_saved"),
    can(
        84,
        "start a planned run now",
        "screens/test_run_edits.py::test_a_planned_run_is_started_now",
        "screens/test_run_edits.py::test_a_late_run_may_start_now_but_is_told_what_that_changes",
    ),
    can(
        85,
        "restart a run, knowing what is reset",
        "screens/test_steering.py::test_a_restart_names_what_it_resets_and_keeps_what_is_done",
        "screens/test_steering.py::test_a_restart_of_a_run_that_moved_writes_nothing",
    ),
    can(
        86,
        "set a run's state by hand, and that of its tasks",
        "screens/test_changing.py::test_a_state_is_set_by_hand_with_a_reason",
        "screens/test_changing.py::test_a_state_that_moved_is_not_overwritten",
        "screens/test_run_edits.py::test_a_state_is_set_with_its_task_runs_but_not_their_children",
        "screens/test_run_edits.py::test_a_state_is_set_with_all_task_runs",
    ),
    can(
        87,
        "cancel a run",
        "screens/test_changing.py::test_cancelling_a_run_asks_first",
        "screens/test_changing.py::test_a_refused_key_says_why",
    ),
    can(
        90,
        "run again with the same parameters",
        "screens/test_run_edits.py::test_a_run_is_started_again_with_one_key_and_a_yes",
        "screens/test_run_form.py::test_a_run_is_written_again_with_all_that_it_was_given",
    ),
    can(
        91,
        "read the history of a run's states",
        "screens/test_run_page.py::test_the_history_of_a_runs_states_says_how_long_each_lasted",
    ),
    can(
        93,
        "open a task run",
        "screens/test_task_run.py::test_a_task_run_shows_its_facts_its_log_and_its_neighbours",
    ),
    can(
        94,
        "read a task run's log",
        "screens/test_task_run.py::test_a_task_run_shows_its_facts_its_log_and_its_neighbours",
        "screens/test_log_choices.py::test_a_task_runs_log_opens_narrowed_to_it",
    ),
    can(
        95,
        "list the children of a mapped task",
        "screens/test_task_run.py::test_children_are_a_map_and_a_list_that_is_filtered_by_state_and_index",
    ),
    can(
        98,
        "set a task run's state by hand",
        "screens/test_task_run.py::test_the_state_of_one_task_run_is_set",
        "screens/test_task_run.py::test_a_task_run_that_moved_is_not_overwritten",
    ),
    can(
        101,
        "list the agents",
        "screens/test_agents.py::test_who_is_away_stands_first_with_what_waits_for_it",
    ),
    can(
        102,
        "see how well an agent is",
        "screens/test_agents.py::test_agents_are_filtered_by_health_and_label",
        "screens/test_agents.py::test_an_agent_has_a_page_with_what_waits_and_what_it_took",
    ),
    can(
        106,
        "learn why nobody takes a run",
        "screens/test_why.py::test_a_late_run_says_which_agent_is_missing",
    ),
)
