#include "town.hpp"

#include <algorithm>
#include <iterator>

namespace jobrun::simulation {
namespace {

E164 us(std::uint64_t line) {
  return E164::from_digits(14'155'550'000 + line);
}
E164 gb(std::uint64_t line) {
  return E164::from_digits(447'700'900'000 + line);
}

ClientProfile business(std::string name, E164 owner) {
  ClientProfile profile;
  profile.name = std::move(name);
  profile.owner_phone = owner;
  return profile;
}

}  // namespace

Town::Town(SeededRandom& random) {
  policy.cool_down = random.between(Duration{3 * 60'000}, Duration{10 * 60'000});
  policy.lead_delay = Duration{60'000};
  policy.repeated_call_alert_every = Duration{2 * 60'000};
  if (random.chance(70)) policy.failsafe_sender = us(900);
  if (random.chance(20)) policy.texts_per_day = random.between(10, 30);
  if (random.chance(20)) policy.texts_per_client_and_day = random.between(5, 15);
  if (random.chance(20)) policy.countries = {"US"};
  if (random.chance(50)) policy.second_sender = us(950);
  if (random.chance(20)) policy.texts_per_country_and_day = {{"GB", random.between(2, 6)}};
  if (random.chance(50)) onboarding_number = us(301);

  clients = {business("Smith & Sons", us(990)), business("<Zażółć> \"Roofing\"", us(991))};
  clients[1].own_number = gb(100);
  if (random.chance(30)) clients[0].cool_down = Duration{4 * 60'000};
  if (random.chance(30)) clients[1].texts_per_day = random.between(3, 8);
  if (random.chance(20)) clients[1].countries = {"GB", "US"};

  called_numbers = {us(100), us(101), gb(100), us(200), us(300), us(400), us(500), us(501)};
  if (onboarding_number) called_numbers.push_back(*onboarding_number);

  const std::int64_t people = random.between(4, 16);
  for (std::int64_t i = 0; i < people; ++i) {
    phones.push_back(
        (i % 4 == 3 ? gb(10 + static_cast<std::uint64_t>(i)) : us(10 + static_cast<std::uint64_t>(i))).text());
  }
  withheld = {"anonymous", "+266696687", "+7378742833", "", "sip:joe@example.com"};
  oddities = {"anonymous",           "+266696687",   "+7378742833",  "",
              "sip:joe@example.com", "12345",        us(100).text(), us(400).text(),
              us(990).text(),        us(991).text(), "+48601000001"};
  const auto some = [&](unsigned percent, std::set<E164>& into) {
    for (const std::string& phone : phones) {
      if (random.chance(percent)) into.insert(*E164::parse(phone));
    }
  };
  some(5, landlines);
  some(8, opted_out);
  some(5, not_mobile);
  if (random.chance(30)) senders_refused.insert(random.pick(called_numbers));
  if (random.chance(15)) senders_refused.insert(us(900));
  if (random.chance(25)) senders_unregistered.insert(random.pick(called_numbers));
  if (random.chance(10)) senders_unregistered.insert(us(950));
}

void Town::make_plain(bool has_second_account) {
  is_plain = true;
  const flow::Policy usual;
  policy = usual;
  policy.failsafe_sender = us(900);
  if (has_second_account) policy.second_sender = us(950);
  for (ClientProfile& client : clients) {
    client.cool_down.reset();
    client.texts_per_day.reset();
    client.countries.clear();
  }
  called_numbers = {us(100), us(101), us(400)};
  phones.clear();
  for (std::uint64_t line = 2'000; line < 3'002; ++line) phones.push_back(us(line).text());
  for (std::set<E164>* set : {&landlines, &opted_out, &not_mobile, &senders_refused, &senders_unregistered}) {
    set->clear();
  }
}

void Town::let_owners_in(SeededRandom& random) {
  const std::int64_t people = random.between(3, 8);
  for (std::int64_t i = 0; i < people; ++i) {
    const auto line = static_cast<std::uint64_t>(i);
    const std::string own = (random.chance(10) ? gb(80 + line) : us(800 + line)).text();
    const std::string phone = random.chance(25) ? random.pick(phones) : own;
    if (std::ranges::find(owners, phone) == owners.end()) owners.push_back(phone);
  }
  const std::int64_t numbers = random.between(1, people + 1);
  for (std::int64_t i = 0; i < numbers; ++i) {
    numbers_for_owners.push_back(us(600 + static_cast<std::uint64_t>(i)));
    called_numbers.push_back(numbers_for_owners.back());
  }
  approves_owners = random.chance(25);
  if (random.chance(15)) senders_unregistered.insert(us(300));
}

bool Town::is_sign_up_number(E164 number) const {
  const auto row = std::ranges::find(pool, number, &PoolNumber::number);
  if (row != pool.end()) return row->role == NumberRole::onboarding;
  return number == onboarding_number;
}

std::vector<E164> Town::sign_up_numbers() const {
  std::vector<E164> numbers;
  std::ranges::copy_if(called_numbers, std::back_inserter(numbers),
                       [this](E164 number) { return is_sign_up_number(number); });
  return numbers;
}

std::string Town::country_of(E164 number) {
  const std::string text = number.text();
  if (text.starts_with("+1")) return "US";
  if (text.starts_with("+44")) return "GB";
  if (text.starts_with("+48")) return "PL";
  return "";
}

Result<void> Town::move_in(Store& store, Instant now) {
  const std::unique_ptr<StoreBatch> batch = store.begin({});
  for (ClientProfile& client : clients) {
    const auto added = batch->change_directory(AddClient{client}, now);
    if (!added) return std::unexpected(added.error());
    client.id = **added;
  }
  pool = {{us(100), NumberRole::operational, clients[0].id},
          {us(101), NumberRole::operational, clients[1].id},
          {us(200), NumberRole::operational, std::nullopt},
          {us(300), NumberRole::onboarding, std::nullopt},
          {us(400), NumberRole::system, std::nullopt}};
  for (const PoolNumber& number : pool) {
    if (const auto added = batch->change_directory(AddNumber{number}, now); !added) {
      return std::unexpected(added.error());
    }
  }
  for (const PhoneFact fact : {PhoneFact::blocked, PhoneFact::do_not_text}) {
    const E164 phone = *E164::parse(phones[fact == PhoneFact::blocked ? 0 : 1]);
    const SetPhoneFact change{FactScope::of(clients[0].id), phone, fact, true};
    if (const auto set = batch->change_directory(change, now); !set) return std::unexpected(set.error());
  }
  return batch->commit();
}

bool Town::is_ours(E164 number) const {
  const auto is_number = [&](const PoolNumber& row) { return row.number == number; };
  const auto is_own = [&](const ClientProfile& client) { return client.own_number == number; };
  return std::ranges::any_of(pool, is_number) || is_for_owners(number) || std::ranges::any_of(clients, is_own) ||
         onboarding_number == number || policy.failsafe_sender == number || policy.second_sender == number;
}

bool Town::is_withheld(const std::string& from) const {
  return withheld.contains(from);
}

}  // namespace jobrun::simulation
