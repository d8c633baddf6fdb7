#include "weekly_watch.hpp"

#include <utility>

#include "alert/wording.hpp"

namespace jobrun::app {
namespace {

AlertRequest summary_of(const ClientWeek& week, ClientId owner) {
  AlertRequest alert;
  alert.kind = AlertKind::weekly_summary;
  alert.client = owner;
  if (week.number) alert.number = week.number->text();
  alert.summary = alert::sentence_of(week);
  return alert;
}

}  // namespace

void WeeklyWatch::pump() {
  if (ports_.clock.monotonic() < due_ || told_->under_way > 0) return;
  const Instant now = ports_.clock.now();
  const std::shared_ptr<const directory::Snapshot> directory = ports_.directory.current();
  std::size_t owners = 0;
  for (const ClientProfile& owner : directory->clients()) {
    if (owner.settings.weekly_summary == SummaryBy::none) continue;
    const std::optional<OwnersWeek> week = ports_.owner_time.week_to_tell(owner, now);
    if (!week || was_told(owner.id, week->monday) || !ports_.can_be_told(owner)) continue;
    if (++owners > options_.owners_at_once) return;  // the others with the next look, at once
    tell(owner, *week);
  }
  due_ = ports_.clock.monotonic() + options_.look_every;
}

bool WeeklyWatch::was_told(ClientId owner, CivilDate monday) const {
  const std::lock_guard lock(told_->mutex);
  const auto found = told_->mondays.find(owner.value);
  return found != told_->mondays.end() && found->second >= monday;
}

/// The week is claimed also where there is nothing to tell of it, so that nobody counts it again.
void WeeklyWatch::tell(const ClientProfile& owner, const OwnersWeek& week) {
  struct Made {
    std::optional<AlertRequest> alert;
    bool is_known = false;
    bool is_raised = false;
  };
  const auto made = std::make_shared<Made>();
  const ClientWeek counted = ports_.reader->week_of(owner.id, week.from, week.to);
  if (counted.missed_calls > 0) made->alert = summary_of(counted, owner.id);
  ++told_->under_way;
  ports_.journal.submit(
      {.write = [made, id = owner.id, monday = week.monday](StoreBatch& batch, Instant now) -> Result<void> {
         // What stands in for the store knows nothing of weeks, and forgets them.
         made->is_known = batch.are_records_known();
         made->is_raised = made->is_known && batch.claim_week(id, monday) && made->alert;
         if (made->is_raised) batch.raise(*made->alert, now);
         return {};
       },
       .done =
           [made, told = told_, id = owner.id, monday = week.monday,
            &meter = ports_.meter](const Result<void>& durable) {
             if (durable && made->is_known) {
               const std::lock_guard lock(told->mutex);
               told->mondays.insert_or_assign(id.value, monday);
             }
             --told->under_way;
             if (durable && made->is_raised)
               meter.count(Metric::alerts_raised, name_of(AlertKind::weekly_summary));
           }});
}

}  // namespace jobrun::app
