// Who lives in a world: businesses and their numbers, callers of every kind, and what the numbering plan knows.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ports/numbering_plan.hpp"
#include "base/ports/store.hpp"
#include "base/testing/fixed_time_zones.hpp"
#include "directory/directory.hpp"
#include "flow/after_call.hpp"
#include "seeded_random.hpp"

namespace jobrun::simulation {

struct Town final : NumberingPlan {
  explicit Town(SeededRandom& random);

  /// Everybody may be texted, nothing is refused, no limit is near. Precondition: nobody has moved in.
  void make_plain(bool has_second_account);

  std::string country_of(E164 number) override;
  bool is_landline(E164 number) override { return landlines.contains(number); }

  /// Some people sign up, callers among them; numbers wait for them, often fewer than they are. Precondition:
  /// nobody has moved in.
  void let_owners_in(SeededRandom& random);

  /// Writes businesses and numbers, as an operator would have. Precondition: an empty, healthy store.
  Result<void> move_in(Store& store, Instant now);

  directory::ConfiguredNumbers configured() const {
    return {onboarding_number, policy.failsafe_sender, policy.second_sender};
  }
  /// A number of the service or of a business: never to be texted.
  bool is_ours(E164 number) const;
  /// Owners sign up there.
  bool is_sign_up_number(E164 number) const;
  std::vector<E164> sign_up_numbers() const;
  /// The operator gives it to the pool some day, and then it is an owner's.
  bool is_for_owners(E164 number) const {
    return std::ranges::find(numbers_for_owners, number) != numbers_for_owners.end();
  }
  bool is_called(E164 number) const { return std::ranges::find(called_numbers, number) != called_numbers.end(); }
  /// Nobody's phone, although some networks spell it like one.
  bool is_withheld(const std::string& from) const;

  bool is_plain = false;  ///< nothing happens by chance, but who calls when
  flow::Policy policy;
  testing_support::FixedTimeZones zones;
  std::optional<E164> onboarding_number;  ///< by the settings
  std::vector<ClientProfile> clients;     ///< ids as the store gave them
  std::vector<PoolNumber> pool;
  std::vector<E164> called_numbers;  ///< of every role, unknown ones among them
  std::vector<std::string> phones;   ///< callers that are people, E.164
  std::vector<std::string> owners;   ///< phones of people who sign up in earnest, E.164
  std::vector<E164> numbers_for_owners;
  bool approves_owners = false;         ///< by hand, before they get a number
  std::set<std::string> withheld;       ///< as networks spell it
  std::vector<std::string> oddities;    ///< withheld, short codes, our own numbers, owners
  std::set<E164> landlines;             ///< known to the plan
  std::set<E164> opted_out;             ///< the carrier refuses texts to these
  std::set<E164> not_mobile;            ///< the carrier says so
  std::set<E164> senders_refused;       ///< numbers that the carrier does not let send
  std::set<E164> senders_unregistered;  ///< it takes their texts and loses them
};

}  // namespace jobrun::simulation
