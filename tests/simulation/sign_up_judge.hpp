// What must be true of owners who sign up: who gets which number, who is answered, and that no call changes
// anything of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "process.hpp"

namespace jobrun::simulation {

/// All functions read the disk: for the Judge, while it looks.
class SignUpJudge {
 public:
  struct Surroundings {
    Truth& truth;
    const Town& town;
    Process& process;
  };

  explicit SignUpJudge(Surroundings around) : around_(around) {}

  /// A life begins: what it finds is what it goes on from.
  void at_start();
  /// Compares each sign-up with what it was at the last look.
  void after_change();
  void check();
  void at_the_end();

 private:
  struct Row {
    std::string step;
    std::string state;
    std::int64_t number = 0;
    std::int64_t client = 0;
    bool is_waiting = false;
    friend bool operator==(const Row&, const Row&) = default;
  };

  std::map<std::int64_t, Row> read();
  std::set<std::int64_t> who_has_texted();
  void check_change(std::int64_t owner, const Row& before, const Row& now, bool has_texted);
  void must_be_none(const std::string& sql, const std::string& rule);
  void check_answers();
  void check_answer(const std::string& message_sid, const std::string& phone, E164 number);
  bool is_reason(const std::string& row, const std::string& phone, E164 number);
  void check_numbers_told();

  Surroundings around_;
  std::map<std::int64_t, Row> known_;  ///< by the owner's phone
  std::int64_t last_inbound_ = 0;
  double store_failures_ = 0;
};

}  // namespace jobrun::simulation
