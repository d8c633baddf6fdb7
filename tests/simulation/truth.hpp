// What really happened in a world, as people and the carrier saw it. The service never looks here; the judge holds
// what the service says against it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/call.hpp"
#include "base/phone_number.hpp"
#include "base/records.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace jobrun::simulation {

struct CallTruth {
  Duration placed_at{0};
  std::optional<Duration> end_acknowledged_at;
  std::string caller;
  std::optional<E164> number;
  bool is_child = false;
  std::optional<Duration> ended_at;    ///< at the carrier, whatever it told of it
  std::set<std::string> acknowledged;  ///< event keys that we answered with 2xx
  std::optional<Greeting> heard;       ///< what our first answer to the voice webhook said
};

/// One request to the carrier.
struct RequestTruth {
  enum class Answer { none, accepted, certainly_not_sent, unknown };
  E164 sender = E164::from_digits(0);
  Account account = Account::first;
  bool carrier_has_it = false;
  std::optional<int> lost_with{};  ///< the carrier took it and lost it: the code
  bool is_loss_told = false;       ///< to us, who may know it from then on
  Answer answer = Answer::none;    ///< as given to the process that sent it
  Duration answered_at{0};
  std::string recipient{};
  std::string body{};
  std::string message_sid{};  ///< when the carrier has it
  Duration made_at{0};
  bool is_forgotten = false;  ///< a process that died knew of it in memory alone, for nothing could be written
};

/// A text that somebody sent to one of the numbers.
struct InboundTruth {
  std::string phone;
  Duration sent_at{0};
  E164 number = E164::from_digits(0);
  bool is_to_called_number = true;  ///< the carrier tells where such a number brings its texts
  bool is_out = false;              ///< an opt-out word
  bool is_in = false;               ///< one that opts in, perhaps
  bool is_to_sign_up = false;       ///< to a number where owners sign up
  std::optional<Duration> acknowledged_at{};
};

/// A business takes a rest, as the operator was told, until he next asks for something else.
struct PauseTruth {
  Duration from{0};
  Duration to{0};
};

/// A sign-up, as texts that left have told its owner of it.
struct SignUpTruth {
  std::set<E164> numbers;  ///< told to be his
};

/// While the database took nothing: what was told to us in that time is acted on after it.
struct OutageTruth {
  Duration from{0};
  Duration to = Duration::max();
};

struct Truth {
  std::map<std::string, CallTruth> calls;
  std::map<std::string, std::vector<RequestTruth>> requests;  ///< by text id
  std::map<std::string, InboundTruth> inbound;                ///< by the carrier's id
  std::map<std::string, SignUpTruth> sign_ups;                ///< by the owner's phone
  std::set<std::string> approved;                             ///< owners whom the operator has let in, perhaps
  std::map<std::int64_t, std::vector<PauseTruth>> pauses;     ///< by client
  std::vector<OutageTruth> outages;                           ///< of the database
  /// Statuses of messages that we answered with 2xx: text id, message and status as sent.
  std::set<std::tuple<std::string, std::string, std::string>> statuses_acknowledged;
  std::map<std::string, int> told_absent;  ///< by text id: how often the carrier, asked, did not list it
  std::set<std::string> told_blindly;  ///< by text id: asked for, and the carrier listed nothing whatever it had
  int texted_twice = 0;                ///< because of that
  bool had_no_guard = false;  ///< a life began without the database and the guard: nobody knew who had been texted
  bool clock_was_wrong = false;
  std::set<std::int64_t> alerts_accepted;  ///< by a channel
  /// The life of the process in which a status was last not acknowledged: it may be durable, and uncounted.
  std::uint64_t status_in_doubt_in_life = 0;
  int crashes = 0;
  int failsafe_warnings = 0;
  bool is_file_away = false;  ///< somebody has moved the database file from its place
  std::string violation;      ///< the first broken invariant; empty: none

  /// Nobody here can know what that message was.
  bool is_forgotten(const std::string& text, const std::string& message_sid) const {
    const auto found = requests.find(text);
    return found != requests.end() && std::ranges::any_of(found->second, [&](const RequestTruth& request) {
             return request.is_forgotten && request.message_sid == message_sid;
           });
  }

  void violate(std::string words) {
    if (violation.empty()) violation = std::move(words);
  }
};

}  // namespace jobrun::simulation
