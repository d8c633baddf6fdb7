// Rare paths: places that ordinary runs hardly ever reach, and that hold the promise when they are reached.
//
// A test that never gets there proves nothing about them. So each is marked in the code, and the simulation fails,
// with the name, when its seeds have not been to one of this list.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "base/names.hpp"

namespace jobrun {

enum class RarePath {
  event_queue_full,
  batch_not_durable,
  database_file_moved,
  log_moved_into_file,
  texts_in_flight_at_crash,
  directory_not_readable,
  voice_repeated,
  voice_after_end,
  second_final_status,
  cool_down_after_refusal,
  leaning_call_escalated,
  outcome_within_incident,
  incident_closed_by_itself,
  dates_mended,
  promises_overflowed,
  promises_not_readable,
  promise_found_by_rescan,
  start_not_durable,
  start_in_doubt,
  answers_not_durable,
  text_too_late,
  landline_at_the_exit,
  next_sender_tried,
  carrier_failing,
  carrier_well_again,
  credentials_refused,
  probe_lost,
  unknown_text_found,
  unknown_text_sent_again,
  unknown_text_not_told,
  unknown_text_told,
  text_bound_by_status,
  text_lost,
  text_lost_before_recorded,
  lost_text_given_up,
  lost_text_sent_again,
  detour_taken,
  sender_blocked_at_the_exit,
  recipient_barred_at_the_exit,
  sender_passed_over,
  text_of_other_store,
  alert_not_accepted,
  alert_told_by_a_second_way,
  alerts_told_together,
  alerts_over_the_limit,
  alerts_probing,
  alert_results_not_durable,
  due_alerts_not_readable,
  event_spooled,
  event_not_spooled,
  event_held,
  event_kept_by_the_carrier,
  held_made_durable,
  spool_replayed,
  spool_damaged,
  guard_not_written,
  started_without_store,
  swept_call_found,
  call_taken_for_ended,
  sweep_failed,
  swept_text_found,
  text_repeated,
  choice_outdated,
  lead_replied,
  danger_without_records,
  pool_is_empty,
};

template <>
struct NamesOf<RarePath> {
  static constexpr std::array<Named<RarePath>, 66> rows = {{
      {RarePath::event_queue_full, "events refused because the queue is full"},
      {RarePath::batch_not_durable, "a batch that could not be made durable"},
      {RarePath::database_file_moved, "a commit into a database file that is no longer at its path"},
      {RarePath::log_moved_into_file, "the write-ahead log moved into the database file"},
      {RarePath::texts_in_flight_at_crash, "texts in flight when the process before ended"},
      {RarePath::directory_not_readable, "the directory could not be read"},
      {RarePath::voice_repeated, "a voice webhook repeated"},
      {RarePath::voice_after_end, "a voice webhook after the call's end"},
      {RarePath::second_final_status, "a second final status"},
      {RarePath::cool_down_after_refusal, "a call within the cool-down of a refused text"},
      {RarePath::leaning_call_escalated, "a suppressed call shares its text's refusal"},
      {RarePath::outcome_within_incident, "an outcome for a call that an incident had gathered"},
      {RarePath::incident_closed_by_itself, "an incident closed because all its calls have outcomes"},
      {RarePath::dates_mended, "deadlines or alerts brought forward after the clock was set back"},
      {RarePath::promises_overflowed, "more promised texts than the outbox holds"},
      {RarePath::promises_not_readable, "promised texts could not be read"},
      {RarePath::promise_found_by_rescan, "a promised text that nobody told the outbox of"},
      {RarePath::start_not_durable, "texts that could not be marked started"},
      {RarePath::start_in_doubt, "a text marked started without the outbox knowing it"},
      {RarePath::answers_not_durable, "the carrier's answers could not be recorded"},
      {RarePath::text_too_late, "a text too old to be of use"},
      {RarePath::landline_at_the_exit, "a landline found at the exit"},
      {RarePath::next_sender_tried, "the next sender after a refused one"},
      {RarePath::carrier_failing, "the carrier fails, one probe at a time"},
      {RarePath::carrier_well_again, "the carrier takes texts again"},
      {RarePath::credentials_refused, "the carrier refuses our credentials"},
      {RarePath::probe_lost, "a probe that came to nothing before it was sent"},
      {RarePath::unknown_text_found, "an unknown text that the carrier lists"},
      {RarePath::unknown_text_sent_again, "an unknown text that the carrier has not got, sent again"},
      {RarePath::unknown_text_not_told, "a look for an unknown text that told nothing"},
      {RarePath::unknown_text_told, "an unknown text of which a status had told before it was unknown"},
      {RarePath::text_bound_by_status, "a text whose fate was open settled by a status with our id"},
      {RarePath::text_lost, "a text that the carrier took and lost"},
      {RarePath::text_lost_before_recorded, "a text lost before its acceptance was recorded"},
      {RarePath::lost_text_given_up, "a lost text given up"},
      {RarePath::lost_text_sent_again, "a lost text promised again"},
      {RarePath::detour_taken, "a text that left by another account because its own failed"},
      {RarePath::sender_blocked_at_the_exit, "a blocked sender met at the exit"},
      {RarePath::recipient_barred_at_the_exit, "somebody who has opted out since, met at the exit"},
      {RarePath::sender_passed_over, "texts of a sender with too many of them left in the store"},
      {RarePath::text_of_other_store, "a text of another store than is used at the time"},
      {RarePath::alert_not_accepted, "an alert that a channel did not accept"},
      {RarePath::alert_told_by_a_second_way, "an alert told by one way after another had been accepted"},
      {RarePath::alerts_told_together, "a crowd of alerts told together"},
      {RarePath::alerts_over_the_limit, "alerts kept back because their recipient has had enough for now"},
      {RarePath::alerts_probing, "alert channels fail, one alert at a time"},
      {RarePath::alert_results_not_durable, "results of alerts could not be recorded"},
      {RarePath::due_alerts_not_readable, "due alerts could not be read"},
      {RarePath::event_spooled, "an event acknowledged from the spool"},
      {RarePath::event_not_spooled, "an event that the spool could not take either"},
      {RarePath::event_held, "an event that can be written nowhere, whose text leaves first"},
      {RarePath::event_kept_by_the_carrier, "an event acknowledged because the carrier has its text"},
      {RarePath::held_made_durable, "what was in memory alone written to the spool"},
      {RarePath::spool_replayed, "events replayed from the spool"},
      {RarePath::spool_damaged, "a damaged record in the spool"},
      {RarePath::guard_not_written, "the guard's file could not be written"},
      {RarePath::started_without_store, "a start while the database is away"},
      {RarePath::swept_call_found, "an ended call that only the sweep found"},
      {RarePath::call_taken_for_ended, "a call without an end that nobody could be asked about"},
      {RarePath::sweep_failed, "a sweep that came to nothing"},
      {RarePath::swept_text_found, "an inbound text that only the sweep found"},
      {RarePath::text_repeated, "an inbound text that is known already"},
      {RarePath::choice_outdated, "an opt-out word older than one that is known"},
      {RarePath::lead_replied, "a reply to a lead that waited for it"},
      {RarePath::danger_without_records, "words of danger while nobody knew what was said before"},
      {RarePath::pool_is_empty, "an owner who waits for a number"},
  }};
};

namespace detail {
inline std::array<std::atomic<bool>, NamesOf<RarePath>::rows.size()> rare_paths_seen{};
}  // namespace detail

/// Marks the place. Any thread; costs one store.
inline void seen(RarePath path) noexcept {
  detail::rare_paths_seen[static_cast<std::size_t>(path)].store(true, std::memory_order_relaxed);
}

/// Whether this process has been there.
inline bool was_seen(RarePath path) noexcept {
  return detail::rare_paths_seen[static_cast<std::size_t>(path)].load(std::memory_order_relaxed);
}

}  // namespace jobrun
