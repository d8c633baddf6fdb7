// A caller's side of a call, played from TwiML.
//
// Pure: the script never waits, sends or looks at a clock. It says what has to happen next (fetch this URL,
// let seconds pass, ring that phone), is told how it went, and goes on. Whoever drives it decides whether
// seconds are real.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/call.hpp"
#include "knobs.hpp"
#include "parameters.hpp"
#include "twiml_document.hpp"

namespace jobrun::simulator {

/// What happens when the service dials somebody.
enum class DialBehaviour { answered, no_answer, busy, failed, voicemail, caller_hangs_up };

/// What happens to one phone that the service dials.
struct PhoneBehaviour {
  std::string number{};
  DialBehaviour dial = DialBehaviour::no_answer;
  std::string digits{};  ///< pressed by whoever answers it when asked to accept the call
};

/// What the people in the call do.
struct Behaviour {
  std::string digits{};     ///< pressed at every Gather; empty: nothing is pressed
  std::string voicemail{};  ///< said after a beep; empty: silence, so no recording
  DialBehaviour dial = DialBehaviour::no_answer;
  std::string callee_digits{};           ///< pressed by the person dialled when asked to accept the call
  std::vector<PhoneBehaviour> phones{};  ///< of these numbers, instead of the two above

  PhoneBehaviour of_phone(std::string_view number) const {
    for (const PhoneBehaviour& phone : phones) {
      if (phone.number == number) return phone;
    }
    return {std::string(number), dial, callee_digits};
  }
};

/// Fetch TwiML from there and tell played().
struct Fetch {
  WebhookKind kind = WebhookKind::redirect;
  std::string method{};
  std::string url{};
  Parameters extra{};
};

/// Send this without waiting for its answer, then continue with next().
struct Tell {
  WebhookKind kind = WebhookKind::recording;
  std::string method{};
  std::string url{};
  Parameters extra{};
  bool names_nobody = false;  ///< it says which call it is about, and not who called whom
};

/// Let that many seconds of the call pass, then next().
struct Pass {
  std::chrono::seconds time{0};
};

struct DialTarget {
  std::string number{};
  std::string screening_url{};  ///< played to the person who answers, before the bridge; may be empty
  std::string screening_method{};
};

/// Ring these phones, then dialled().
struct DialOut {
  std::vector<DialTarget> targets{};
  std::chrono::seconds ring_time{30};
  std::string caller_id{};
};

struct Ended {};

using Step = std::variant<Fetch, Tell, Pass, DialOut, Ended>;

struct DialResult {
  std::string status{};  ///< DialCallStatus; empty: the caller hung up and the action URL is not called
  std::string child_sid{};
  std::int64_t duration_s = 0;
  bool is_bridged = false;
  bool caller_left = false;  ///< the call is over for the caller
};

inline constexpr int redirects_max = 10;
inline constexpr std::size_t heard_lines_max = 500;

class CallScript {
 public:
  /// `recordings`: the ids of its recordings end so, but for their number.
  explicit CallScript(Behaviour behaviour, CallStatus answer_on_bridge_unanswered, std::string recordings = "0");

  /// A document arrived from `url`.
  Step played(Element response, std::string url);
  /// No document could be had: the caller hears the carrier's own apology, and the call ends.
  Step failed(const TwimlProblem& problem);
  /// What was asked for has happened.
  Step next();
  Step dialled(const DialResult& result);

  /// Once Ended: the status that follows from what was played.
  CallStatus status() const { return status_; }
  /// Whether the carrier had picked up, so that further webhooks say in-progress.
  bool is_answered() const { return is_answered_; }
  std::chrono::seconds elapsed() const { return elapsed_; }
  /// For a person being screened: whether the document ran to its end without a Hangup or Reject.
  bool ran_to_end() const { return ran_to_end_; }
  const std::vector<std::string>& heard() const { return heard_; }
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  Step run(const Element& verb);
  Step say(const Element& verb);
  Step gather(const Element& verb);
  Step record(const Element& verb);
  Step dial(const Element& verb);
  Step redirect(const Element& verb);
  Step reject(const Element& verb);
  Step fetch(WebhookKind kind, const Element& verb, std::string_view reference, Parameters extra);
  Step end();
  void hear(std::string line);

  Behaviour behaviour_;
  CallStatus answer_on_bridge_unanswered_;
  std::string recordings_of_;
  std::string url_;
  std::deque<Element> verbs_;
  std::deque<Step> queued_;  ///< steps to give out before the next verb
  std::optional<Element> dialling_;
  bool is_answered_ = false;
  bool is_over_ = false;
  bool ran_to_end_ = false;
  bool is_unbridged_ = false;  ///< a Dial with answerOnBridge went unanswered before the call was picked up
  int redirects_ = 0;
  int recordings_ = 0;
  CallStatus status_ = CallStatus::completed;
  std::chrono::seconds elapsed_{0};
  std::vector<std::string> heard_;
  std::vector<std::string> problems_;
};

}  // namespace jobrun::simulator

namespace jobrun {

template <>
struct NamesOf<simulator::DialBehaviour> {
  using enum simulator::DialBehaviour;
  static constexpr std::array<Named<simulator::DialBehaviour>, 6> rows = {{{answered, "answered"},
                                                                           {no_answer, "no-answer"},
                                                                           {busy, "busy"},
                                                                           {failed, "failed"},
                                                                           {voicemail, "voicemail"},
                                                                           {caller_hangs_up, "caller-hangs-up"}}};
};

}  // namespace jobrun
