#include "weather.hpp"

namespace jobrun::simulation {

Weather::Weather(SeededRandom& random, const Schedule& schedule, Duration length)
    : random_(random), schedule_(schedule) {
  constexpr auto& kinds = NamesOf<Fault>::rows;
  const auto wanted = static_cast<std::size_t>(random_.between(3, 7));
  while (spells_.size() < wanted) {
    const Fault fault = random_.pick(kinds).value;
    if (fault == Fault::lists_blind) continue;
    std::vector<Spell>& spells = spells_[fault];
    if (!spells.empty()) continue;
    for (std::int64_t left = random_.between(1, 3); left > 0; --left) {
      const Duration from = random_.between(Duration{0}, length);
      spells.push_back({from, from + random_.between(Duration{2'000}, Duration{120'000})});
    }
  }
}

Weather::Weather(SeededRandom& random, const Schedule& schedule, const std::map<Fault, Forecast>& forecast)
    : random_(random), schedule_(schedule) {
  for (const auto& [fault, certain] : forecast) {
    spells_[fault] = {certain.spell};
    percents_[fault] = certain.percent;
  }
}

bool Weather::is_on(Fault fault) const {
  const auto found = spells_.find(fault);
  if (found == spells_.end()) return false;
  for (const Spell& spell : found->second) {
    if (spell.from <= schedule_.elapsed() && schedule_.elapsed() < spell.to) return true;
  }
  return false;
}

}  // namespace jobrun::simulation
