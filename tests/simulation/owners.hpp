// People who sign up in earnest: they answer the questions by text, more or less, call all kinds of numbers, and
// try out their own.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "network.hpp"
#include "schedule.hpp"
#include "seeded_random.hpp"
#include "town.hpp"

namespace jobrun::simulation {

class Owners {
 public:
  struct Surroundings {
    Schedule& schedule;
    SeededRandom& random;
    const Town& town;
    const Truth& truth;
    Network& network;
  };

  explicit Owners(Surroundings around) : around_(around) {}

  /// What each of them does within that time. Does nothing where there is none.
  void plan(Duration busy);

 private:
  /// What one says in order, whatever he is answered.
  std::vector<std::string> script(int which) const;
  std::vector<std::string> with_mistakes(const std::vector<std::string>& script) const;
  void plan_texts(const std::string& phone, int which, Duration begins);
  void plan_calls(const std::string& phone, Duration busy);
  void read(const std::string& phone, E164 sign_up_number);

  Surroundings around_;
  std::map<std::string, E164> known_;  ///< by phone: the number that he has read to be his
};

}  // namespace jobrun::simulation
