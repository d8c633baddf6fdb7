#include "owners.hpp"

#include <array>

namespace jobrun::simulation {

void Owners::plan(Duration busy) {
  if (around_.town.owners.empty()) return;
  around_.network.owner_reads = [this](const OutgoingText& text) {
    around_.schedule.after(Duration{500},
                           [this, phone = text.recipient.text(), number = text.sender] { read(phone, number); });
  };
  int which = 0;
  for (const std::string& phone : around_.town.owners) {
    plan_texts(phone, ++which, around_.random.between(Duration{0}, busy / 2));
    plan_calls(phone, busy);
  }
}

std::vector<std::string> Owners::script(int which) const {
  const std::string name = "Hill Roofing " + std::to_string(which);
  std::vector<std::string> lines;
  if (around_.random.chance(50)) {
    lines = {"Roofer in Austin\n" + name + "\nAnn\ntext"};
  } else {
    lines = {"Roofer in Austin", name, "Ann", "text"};
  }
  lines.insert(lines.end(), {"YES", "yes", "iPhone", "T-Mobile", "done"});
  return lines;
}

/// Words are said twice, forgotten, or come at the wrong time; some leave for good, some return.
std::vector<std::string> Owners::with_mistakes(const std::vector<std::string>& script) const {
  constexpr std::array odd = {"???", "HELP", "banana banana", "", "BACK", "who is this?", "thanks"};
  SeededRandom& random = around_.random;
  std::vector<std::string> lines;
  for (const std::string& line : script) {
    if (random.chance(12)) lines.emplace_back(random.pick(odd));
    if (random.chance(2)) {
      lines.emplace_back("STOP");
      if (random.chance(50)) lines.emplace_back("START");
    }
    lines.push_back(line);
    if (random.chance(12)) lines.push_back(line);
  }
  return lines;
}

void Owners::plan_texts(const std::string& phone, int which, Duration begins) {
  SeededRandom& random = around_.random;
  const std::vector<E164> numbers = around_.town.sign_up_numbers();
  const E164 usual = random.pick(numbers);
  const bool is_impatient = random.chance(20);
  Duration at = begins;
  for (const std::string& line : with_mistakes(script(which))) {
    const E164 number = random.chance(90) ? usual : random.pick(numbers);
    around_.schedule.after(at, [this, phone, number, line] { around_.network.say(phone, number, line); });
    at += random.between(Duration{100}, Duration{is_impatient ? 1'500 : 45'000});
  }
}

void Owners::plan_calls(const std::string& phone, Duration busy) {
  SeededRandom& random = around_.random;
  for (std::int64_t calls = random.between(0, 3); calls > 0; --calls) {
    around_.schedule.after(random.between(Duration{0}, busy),
                           [this, phone] { around_.network.place_call_by(phone); });
  }
  if (!random.chance(50)) return;
  const E164 number = random.pick(around_.town.sign_up_numbers());
  around_.schedule.after(random.between(Duration{0}, busy),
                         [this, phone, number] { around_.network.place_call_to(phone, number); });
}

/// Once he knows his number he calls it, or has it called by way of his phone, and says that he has.
void Owners::read(const std::string& phone, E164 sign_up_number) {
  const auto told = around_.truth.sign_ups.find(phone);
  if (told == around_.truth.sign_ups.end() || !known_.try_emplace(phone, *told->second.numbers.begin()).second)
    return;
  SeededRandom& random = around_.random;
  const E164 number = known_.at(phone);
  const auto soon = [&] { return random.between(Duration{5'000}, Duration{60'000}); };
  if (random.chance(40)) {
    around_.schedule.after(soon(), [this, phone, number] { around_.network.place_call_to(phone, number); });
  }
  if (random.chance(80)) {
    const std::string customer = random.pick(around_.town.phones);
    around_.schedule.after(soon(), [this, phone, number, customer] {
      around_.network.place_forwarded_call(customer, number, phone);
    });
  }
  constexpr std::array after = {"iPhone", "T-Mobile", "done", "DONE"};
  Duration at{60'000};
  for (const char* line : after) {
    at += soon();
    around_.schedule.after(
        at, [this, phone, sign_up_number, line] { around_.network.say(phone, sign_up_number, line); });
  }
}

}  // namespace jobrun::simulation
