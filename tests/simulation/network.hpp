// The telephone network: people call, the carrier tells us of it, and takes texts from us. It loses, repeats,
// delays and reorders webhooks, and answers requests in every way a carrier can.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/event.hpp"
#include "base/ports/carrier.hpp"
#include "base/ports/carrier_calls.hpp"
#include "base/ports/carrier_numbers.hpp"
#include "base/ports/carrier_texts.hpp"
#include "base/ports/event_sink.hpp"
#include "process.hpp"
#include "weather.hpp"

namespace jobrun::simulation {

/// What the carrier asks about calls begins so.
inline constexpr const char* public_url = "https://jobrun.example.com";

class Network final : public Carrier, public CarrierCalls, public CarrierNumbers, public CarrierTexts {
 public:
  struct Surroundings {
    Schedule& schedule;
    SeededRandom& random;
    Story& story;
    Truth& truth;
    Town& town;
    Weather& weather;
    bool people_text = false;  ///< they text our numbers, and reply to our texts
  };

  explicit Network(Surroundings around) : around_(around) {
    status_tries_ = static_cast<int>(around_.random.between(1, 3));
    list_lag_ = around_.random.between(Duration{0}, Duration{10'000});
    people_call_again_ = static_cast<unsigned>(around_.random.between(10, 60));
  }
  void connect(Process& process) { process_ = &process; }

  /// Somebody calls some number.
  void place_call();
  /// That person calls, once, and nobody answers.
  void place_call_by(const std::string& phone);
  /// So many calls at once, by one person to one number or by many people; often they end at once too, as when a
  /// trunk fails.
  void place_crowd(int calls);

  /// One of the people texts one of the numbers: some words, or that he wants no more texts, or wants them again.
  void somebody_texts();

  /// That person texts these words.
  void say(const std::string& phone, E164 number, const std::string& words);
  /// A customer calls an owner, whose phone sends the call on to that number of ours.
  void place_forwarded_call(const std::string& customer, E164 number, const std::string& owner);
  /// That person calls that number.
  void place_call_to(const std::string& phone, E164 number);
  /// An owner's phone shows a text of ours to him.
  std::function<void(const OutgoingText& text)> owner_reads = [](const OutgoingText&) {};

  /// The carrier's API. Holds each request against what the specification allows.
  void send(SendPermit permit, OutgoingText text, Carrier::Done done) override;
  void find(FindQuery query, FoundDone done) override;
  Refused why_lost(Account account, int code) const override;
  void list_calls(CallWindow window, Listed done) override;
  void list_children(CallSid parent, Listed done) override;
  void find_call(CallSid call_sid, FoundCall done) override;
  void list_numbers(CarrierNumbers::Done done) override;
  void list_texts(TextsWindow window, ListedTexts done) override;

 private:
  struct Calling {
    CallDetails details;
    int times_left = 0;  ///< the person calls again as often, if nobody answers
    std::optional<Duration> ends_after;
  };
  /// A call as the carrier keeps it.
  struct CallOnFile {
    CallDetails details;
    Duration began{0};
    std::optional<Duration> ended{};
    CallStatus status = CallStatus::in_progress;
  };
  /// How a request ends, at the carrier and for us.
  struct Fate {
    SendAnswer answer;
    bool carrier_has_it = false;
    Duration after{0};
    std::string message_sid{};
  };

  CallDetails somebody_calls();
  CallDetails calls(const std::string& phone);
  void place(Calling calling);
  void text(const std::string& phone, E164 number);
  void end(const Calling& calling);
  void deliver(Event event, int tries_left);
  void arrive(const Event& event, int tries_left);
  void try_again(const Event& event, int tries_left);
  void acknowledged(const Event& event, const Receipt& receipt);
  void check_carrier_keeps(const Event& event, const std::string& cause);
  void check_request(const OutgoingText& text);
  void check_words(const OutgoingText& text, const CallTruth& call);
  void check_owners_words(const OutgoingText& text, const InboundTruth& said);
  void check_reply(const OutgoingText& text, const InboundTruth& answered);
  void check_acknowledgement(const OutgoingText& text, const InboundTruth& answered);
  void check_nudge(const OutgoingText& text);
  void check_sign_up(const OutgoingText& text);
  bool names_a_business(const OutgoingText& text) const;
  void live(const OutgoingText& text, std::size_t request);
  std::optional<int> loss_of(const OutgoingText& text);
  void acknowledged(const MessageStatusChange& change);
  Fate fate_of(const OutgoingText& text);
  Fate fate_by_weather(Account account);
  Fate accepted(Duration after);
  Fate unknown(std::string reason, Duration after);
  FindAnswer list(const FindQuery& query);
  bool list_fails();
  ListedCall listed(const CallOnFile& call) const;
  template <class Answer>
  void tell_later(std::function<Answer()> answer, std::function<void(Answer)> done);
  void answer(const std::string& id, std::size_t request, const Fate& fate, std::uint64_t life,
              const Carrier::Done& done);

  Surroundings around_;
  Process* process_ = nullptr;
  int status_tries_ = 1;
  unsigned people_call_again_ = 30;
  int calls_placed_ = 0;
  std::vector<InboundText> texts_;  ///< that people have sent, as the carrier keeps them
  std::map<std::string, CallOnFile> calls_;
  int messages_ = 0;
  Duration list_lag_{0};  ///< how long a message takes to be listed
};

}  // namespace jobrun::simulation
