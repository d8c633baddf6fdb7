// What must hold whatever arrives in whatever order: the rules that the exploration holds every journal, every
// change and every place of rest to. Each throws RuleBroken with the rule as a sentence.
#pragma once

#include "base/commit.hpp"
#include "exploration_world.hpp"

namespace jobrun::exploration {

/// One webhook was decided and written.
struct Delivery {
  const World& world;
  const Library& library;
  const Letter& letter;
  const Journal& before;
  const Commit& commit;
  const Journal& after;
};
void check_delivery(const Delivery& delivery);

/// One message status was decided and written.
void check_news(const Delivery& delivery, const Carrier& carrier);

/// What the carrier said of a text was recorded.
void check_recorded(const SendAnswer& answer, const TextInJournal& before, const TextInJournal& after,
                    const Library& library);

/// A text was accepted, and is lost for that reason.
void check_lost(const Refused& why, const TextInJournal& before, const TextInJournal& after,
                const Library& library);

/// Every journal.
void check_journal(const World& world, const Library& library, const Journal& journal);

/// Any change from one journal to the next.
void check_change(const Journal& before, const Journal& after);

/// Nothing is left to do but to wait. `is_carrier_mute`: the carrier was asked as often as the exploration lets
/// it answer, so that a text may still be promised.
void check_rest(const Journal& journal, bool is_carrier_mute);

}  // namespace jobrun::exploration
