#include "sign_up_watch.hpp"

#include <utility>

namespace jobrun::app {

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
  ++*under_way_;
  ports_.decisions.take([owner, nudge](const texting::Surroundings& around, StoreBatch& batch,
                                       Instant now) { return texting::move_on(owner, nudge, around, batch, now); },
                        [under_way = under_way_](const Result<void>&) { --*under_way; });
}

}  // namespace jobrun::app
