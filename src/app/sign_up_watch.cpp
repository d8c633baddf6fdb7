#include "sign_up_watch.hpp"

#include <utility>

namespace jobrun::app {

SignUpWatch::SignUpWatch(Ports ports, Options options) : ports_(std::move(ports)), options_(std::move(options)) {}

void SignUpWatch::pump() {
  if (ports_.clock.monotonic() < due_ || *under_way_ > 0) return;
  due_ = ports_.clock.monotonic() + options_.look_every;
  const auto owners = [this](OnboardingQuery query) {
    query.limit = options_.owners_at_once;
    return ports_.reader->onboardings(query);
  };
  if (ports_.reader->has_available_numbers()) {
    for (const OnboardingRecord& owner : owners({.is_waiting_only = true})) {
      nudge(owner.owner_phone, texting::Nudge::number_arrived);
    }
  }
  for (const OnboardingRecord& owner : owners({.due_before = ports_.clock.now()})) {
    nudge(owner.owner_phone, owner.approved_at ? texting::Nudge::approved : texting::Nudge::time_passed);
  }
}

void SignUpWatch::nudge(E164 owner, texting::Nudge nudge) {
  struct Made {
    std::optional<Commit> commit;
    std::vector<TextRecord> texts;
  };
  const auto made = std::make_shared<Made>();
  ++*under_way_;
  ports_.journal.submit({.write = [this, made, owner, nudge](StoreBatch& batch, Instant now) -> Result<void> {
                           const std::shared_ptr<const directory::Snapshot> directory = ports_.directory.current();
                           const texting::Surroundings around{*directory, ports_.numbering_plan, options_.policy,
                                                              options_.sign_up, ports_.time_zones};
                           *made = {.commit = texting::move_on(owner, nudge, around, batch, now), .texts = {}};
                           if (!made->commit) return {};
                           if (std::optional<TextRecord> text = batch.write(*made->commit, now))
                             made->texts.push_back(std::move(*text));
                           return {};
                         },
                         .done =
                             [this, made, under_way = under_way_](const Result<void>& durable) {
                               --*under_way;
                               if (!durable || !made->commit) return;
                               tell(*made->commit);
                               if (!made->texts.empty()) ports_.promised(std::move(made->texts));
                             }});
}

void SignUpWatch::tell(const Commit& commit) {
  count_all(ports_.meter, commit.counts);
  for (const AlertRequest& alert : commit.alerts) ports_.meter.count(Metric::alerts_raised, name_of(alert.kind));
  for (const LogLine& line : commit.logs) ports_.log.write(line);
}

}  // namespace jobrun::app
