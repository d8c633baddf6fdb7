// Places calls and texts to the service, as people with phones would.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ports/clock.hpp"
#include "call_script.hpp"
#include "practice.hpp"
#include "timers.hpp"
#include "webhook_sender.hpp"

namespace jobrun::simulator {

/// How a call ends. `natural`: as the TwiML played says. Those that are not answered play nothing, whatever
/// the service answered. `caller_hangs_up`: while it rings; the knob caller_hangs_up_status says which status.
enum class Scenario { natural, completed, no_answer, busy, failed, canceled, caller_hangs_up };

struct CallOrder {
  std::string from{};
  std::string to{};
  std::string forwarded_from{};  ///< the phone whose owner did not answer; empty: dialled directly
  std::string caller_name{};
  Scenario scenario = Scenario::natural;
  bool voice = true;   ///< false: no voice webhook, only the status callback
  bool status = true;  ///< false: no status callback, as if it were lost
  /// Status callbacks to send instead of the final one alone.
  std::vector<std::string> statuses{};
  std::string call_sid{};  ///< empty: a new one
  Behaviour behaviour{};
};

struct TextOrder {
  std::string from{};
  std::string to{};
  std::string body{};
  std::vector<MediaRecord> media{};  ///< without sids
};

class CallDesk {
 public:
  using Ended = std::function<void(std::string sid)>;

  CallDesk(Guarded<Practice>& practice, Timers& timers, WebhookSender& webhooks, const Clock& clock,
           std::string account_sid);

  /// Any thread; never blocks. Fails, placing nothing, when the number called is not one of the account's.
  /// `ended` is called once, when every webhook of the call has been answered or given up.
  Result<std::string> place(CallOrder order, Ended ended);
  /// The same for an inbound text.
  Result<std::string> text(TextOrder order, Ended ended);

 private:
  struct Call;
  struct StatusToSend;
  using CallPointer = std::shared_ptr<Call>;

  void ask_for_voice(const CallPointer& call);
  void fetch(const CallPointer& call, Fetch what);
  void fetch_fallback(const CallPointer& call, const Fetch& failed, const WebhookAnswer& why);
  void take_document(const CallPointer& call, const std::string& url, const WebhookAnswer& answer);
  void drive(const CallPointer& call, Step step);
  void dial(const CallPointer& call, DialOut out, DialResult so_far);
  void phone_rang(const CallPointer& call, const DialOut& out, const std::string& child_sid,
                  const DialResult& so_far);
  void phone_ended(const CallPointer& call, const DialOut& out, const DialResult& result);
  void screen(const CallPointer& call, const DialOut& out, const std::string& child_sid);
  void script_ended(const CallPointer& call);
  void finish(const CallPointer& call, CallStatus status);
  void send_statuses(const CallPointer& call, CallStatus status);
  void send_next_status(const CallPointer& call, std::deque<StatusToSend> queue);
  /// Sends an inbound text's webhook and, when that fails and its number has one, the fallback.
  void send_text_webhook(Webhook webhook, Webhook fallback, std::function<void()> ended);
  void pass(std::chrono::seconds time, Timers::Task then);
  std::function<void(WebhookNote)> note_for(const std::string& sid);
  Parameters parameters_of(const Call& call, std::string_view status) const;

  Guarded<Practice>& practice_;
  Timers& timers_;
  WebhookSender& webhooks_;
  const Clock& clock_;
  const std::string account_sid_;
};

}  // namespace jobrun::simulator

namespace jobrun {

template <>
struct NamesOf<simulator::Scenario> {
  using enum simulator::Scenario;
  static constexpr std::array<Named<simulator::Scenario>, 7> rows = {{{natural, "natural"},
                                                                      {completed, "completed"},
                                                                      {no_answer, "no-answer"},
                                                                      {busy, "busy"},
                                                                      {failed, "failed"},
                                                                      {canceled, "canceled"},
                                                                      {caller_hangs_up, "caller-hangs-up"}}};
};

}  // namespace jobrun
