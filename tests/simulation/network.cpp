#include "network.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "carrier/twilio.hpp"

namespace jobrun::simulation {
namespace {

constexpr Duration carrier_waits{15'000};

CallSid sid_of(int call) {
  std::string digits = std::to_string(call);
  return *CallSid::parse("CA" + std::string(32 - digits.size(), '0') + digits);
}

std::string words_for(const Event& event) {
  if (const auto* message = std::get_if<MessageStatusChange>(&event)) {
    return message->status_text + " of text " + message->text.text() + " (" + message->message_sid + ")";
  }
  if (const auto* text = std::get_if<InboundText>(&event)) {
    return "text " + text->message_sid + " (" + text->sender.text() + " -> " + text->number_text +
           "): " + text->body;
  }
  const CallDetails& call = call_details(event);
  return event_key(event) + " of " + call.call_sid.text() + " (" + call.caller.text() + " -> " + call.number_text +
         ")";
}

/// Certainly not sent; with the carrier's code.
Refused refused(Refused::Because because, int status, int code) {
  Refused answer;
  answer.because = because;
  answer.http_status = status;
  answer.code = code;
  return answer;
}

struct WordsOfAnswer {
  std::string operator()(const Accepted& accepted) const { return "accepted as " + accepted.message_sid; }
  std::string operator()(const Refused& answer) const { return "refused, code " + std::to_string(answer.code); }
  std::string operator()(const NotSent&) const { return "not sent"; }
  std::string operator()(const Unknown&) const { return "unknown"; }
};

struct TruthOfAnswer {
  using Answer = RequestTruth::Answer;
  Answer operator()(const Accepted&) const { return Answer::accepted; }
  Answer operator()(const Refused&) const { return Answer::certainly_not_sent; }
  Answer operator()(const NotSent&) const { return Answer::certainly_not_sent; }
  Answer operator()(const Unknown&) const { return Answer::unknown; }
};

}  // namespace

// --- people call ------------------------------------------------------------------------------------------

void Network::place_call() {
  SeededRandom& random = around_.random;
  const std::string from =
      random.chance(85) ? random.pick(around_.town.phones) : random.pick(around_.town.oddities);
  CallDetails details{.call_sid = sid_of(0),
                      .caller = Caller::parse(from),
                      .number = random.pick(around_.town.called_numbers),
                      .number_text = {},
                      .forwarded_from = std::nullopt,
                      .is_inbound_parent = !random.chance(3),
                      .parent = std::nullopt,
                      .origin = Origin::voice};
  // Some networks present the forwarding phone as the caller; most say who forwarded.
  if (random.chance(3)) details.forwarded_from = details.caller.number();
  if (random.chance(20)) details.forwarded_from = E164::from_digits(14'155'550'990);
  if (random.chance(1)) details.number.reset();
  details.number_text = details.number ? details.number->text() : "client:nobody";
  place({std::move(details), static_cast<int>(random.between(0, 3)), {}});
}

void Network::place_crowd(int calls) {
  const bool is_one_person = around_.random.chance(50);
  std::optional<Duration> ends_after;
  if (around_.random.chance(50)) ends_after = around_.random.between(Duration{300}, Duration{40'000});
  CallDetails details = somebody_calls();
  for (int i = 0; i < calls; ++i) {
    place({.details = details, .times_left = 0, .ends_after = ends_after});
    if (!is_one_person) details = somebody_calls();
  }
}

/// One of the people calls one of the numbers, with nothing odd about it.
CallDetails Network::somebody_calls() {
  return calls(around_.random.pick(around_.town.phones));
}

void Network::place_call_by(const std::string& phone) {
  place({.details = calls(phone), .times_left = 0, .ends_after = std::nullopt});
}

void Network::place_call_to(const std::string& phone, E164 number) {
  CallDetails details = calls(phone);
  details.number = number;
  details.number_text = number.text();
  place({.details = std::move(details), .times_left = 0, .ends_after = std::nullopt});
}

void Network::place_forwarded_call(const std::string& customer, E164 number, const std::string& owner) {
  CallDetails details = calls(customer);
  details.number = number;
  details.number_text = number.text();
  details.forwarded_from = E164::parse(owner).value();
  place({.details = std::move(details), .times_left = 0, .ends_after = std::nullopt});
}

CallDetails Network::calls(const std::string& phone) {
  CallDetails details{.call_sid = sid_of(0),
                      .caller = Caller::parse(phone),
                      .number = around_.random.pick(around_.town.called_numbers),
                      .number_text = {},
                      .forwarded_from = std::nullopt,
                      .is_inbound_parent = true,
                      .parent = std::nullopt,
                      .origin = Origin::voice};
  details.number_text = details.number->text();
  return details;
}

void Network::place(Calling calling) {
  calling.details.call_sid = sid_of(++calls_placed_);
  CallTruth& truth = around_.truth.calls[calling.details.call_sid.text()];
  truth.placed_at = around_.schedule.elapsed();
  truth.caller = calling.details.caller.text();
  truth.number = calling.details.number;
  truth.is_child = !calling.details.is_inbound_parent;
  calls_.emplace(calling.details.call_sid.text(),
                 CallOnFile{.details = calling.details, .began = around_.schedule.elapsed()});
  SeededRandom& random = around_.random;
  calling.details.origin = Origin::voice;
  if (random.chance(97)) deliver(IncomingCall{calling.details}, 2);
  calling.details.origin = Origin::status;
  const auto tell = [&](CallStatus status, Duration delay) {
    around_.schedule.after(delay, [this, calling, status] {
      deliver(CallStatusChange{calling.details, status, std::string(name_of(status))}, status_tries_);
    });
  };
  if (random.chance(20)) tell(CallStatus::ringing, Duration{100});
  if (random.chance(20)) tell(CallStatus::in_progress, random.between(Duration{200}, Duration{2'000}));
  const Duration length = calling.ends_after.value_or(random.between(Duration{300}, Duration{40'000}));
  around_.schedule.after(length, [this, calling] { end(calling); });
}

void Network::end(const Calling& calling) {
  SeededRandom& random = around_.random;
  const CallStatus status = random.pick(final_call_statuses);
  CallOnFile& on_file = calls_.at(calling.details.call_sid.text());
  on_file.status = status;
  on_file.ended = around_.schedule.elapsed();
  around_.truth.calls.at(calling.details.call_sid.text()).ended_at = on_file.ended;
  const auto tell = [&](CallStatus final_status) {
    deliver(CallStatusChange{calling.details, final_status, std::string(name_of(final_status))}, status_tries_);
  };
  if (around_.town.is_plain) return tell(status);
  if (random.chance(98)) tell(status);
  if (random.chance(3)) tell(random.pick(final_call_statuses));
  if (calling.times_left == 0 || !random.chance(people_call_again_)) return;
  around_.schedule.after(random.between(Duration{1'000}, Duration{120'000}),
                         [this, again = Calling{calling.details, calling.times_left - 1, {}}] { place(again); });
}

// --- people text ------------------------------------------------------------------------------------------

void Network::somebody_texts() {
  SeededRandom& random = around_.random;
  text(random.pick(around_.town.phones), random.pick(around_.town.called_numbers));
}

void Network::text(const std::string& phone, E164 number) {
  constexpr std::array words = {"Leak under the sink, today please", "", "Tomorrow at 5?", "Please stop by",
                                "yes"};
  constexpr std::array out = {"STOP", "stop.", "Unsubscribe", "QUIT", "opt out"};
  constexpr std::array in = {"START", "unstop"};
  SeededRandom& random = around_.random;
  const bool is_out = random.chance(35);
  const bool is_in = !is_out && random.chance(10);
  say(phone, number, is_out ? random.pick(out) : is_in ? random.pick(in) : random.pick(words));
}

void Network::say(const std::string& phone, E164 number, const std::string& body) {
  constexpr std::array out = {"STOP", "stop.", "Unsubscribe", "QUIT", "opt out"};
  constexpr std::array in = {"START", "unstop"};
  const bool is_to_sign_up = around_.town.is_sign_up_number(number);
  const std::string sid = "SMin" + std::to_string(texts_.size() + 1);
  around_.truth.inbound[sid] = {
      .phone = phone,
      .sent_at = around_.schedule.elapsed(),
      .number = number,
      .is_to_called_number = around_.town.is_called(number),
      .is_out = std::ranges::find(out, body) != out.end(),
      .is_in = std::ranges::find(in, body) != in.end() || (body == "yes" && !is_to_sign_up),
      .is_to_sign_up = is_to_sign_up};
  InboundText sent{.message_sid = sid,
                   .sender = Caller::parse(phone),
                   .number = number,
                   .number_text = number.text(),
                   .body = body};
  deliver(sent, 1);  // the carrier does not repeat what failed
  sent.origin = Origin::sweep;
  sent.at = std::chrono::floor<std::chrono::seconds>(around_.schedule.true_time(around_.schedule.elapsed()));
  texts_.push_back(std::move(sent));
}

void Network::list_texts(TextsWindow window, ListedTexts done) {
  using Answer = Result<TextsList>;
  tell_later<Answer>(
      [this, window]() -> Answer {
        if (list_fails()) return failure(ErrorKind::unavailable, "no list");
        TextsList list;
        for (const InboundText& text : texts_) {
          const bool is_listed =
              around_.truth.inbound.at(text.message_sid).sent_at + list_lag_ <= around_.schedule.elapsed();
          if (!is_listed || *text.at + Duration{1'000} <= window.from || *text.at > window.to) continue;
          list.newest = std::max(list.newest, text.at);
          list.texts.push_back({.text = text});
        }
        return list;
      },
      std::move(done));
}

// --- webhooks ---------------------------------------------------------------------------------------------

void Network::deliver(Event event, int tries_left) {
  if (std::holds_alternative<MessageStatusChange>(event) && around_.weather.strikes(Fault::statuses_lost)) return;
  const auto after = [&] {
    const bool is_late = around_.weather.strikes(Fault::webhooks_late);
    return is_late ? around_.random.between(Duration{1'000}, Duration{90'000})
                   : around_.random.between(Duration{2}, Duration{150});
  };
  if (around_.weather.strikes(Fault::webhooks_lost)) {
    return around_.story.tell([&] { return "lost on its way: " + words_for(event); });
  }
  const int copies = around_.weather.strikes(Fault::webhooks_repeated) ? 2 + around_.random.chance(20) : 1;
  for (int copy = 0; copy < copies; ++copy) {
    around_.schedule.after(after(), [this, event, tries_left] { arrive(event, tries_left); });
  }
}

void Network::arrive(const Event& event, int tries_left) {
  if (!process_->is_up()) {
    around_.story.tell([&] { return "nobody listens: " + words_for(event); });
    return try_again(event, tries_left);
  }
  around_.story.tell([&] { return "webhook " + words_for(event); });
  const auto is_answered = std::make_shared<bool>(false);
  around_.schedule.after(carrier_waits, [this, event, tries_left, is_answered] {
    if (!*is_answered) try_again(event, tries_left);
  });
  if (const auto* change = std::get_if<MessageStatusChange>(&event); change && is_lost(change->status)) {
    for (RequestTruth& request : around_.truth.requests[change->text.text()]) {
      request.is_loss_told = request.is_loss_told || request.message_sid == change->message_sid;
    }
  }
  process_->submit(event, [this, event, tries_left, is_answered](const Result<Receipt>& receipt) {
    if (!process_->calls(Port::acknowledgement)) return;
    if (receipt) acknowledged(event, *receipt);
    if (!receipt && std::holds_alternative<MessageStatusChange>(event)) {
      around_.truth.status_in_doubt_in_life = process_->life();
    }
    const bool is_seen = !around_.weather.strikes(Fault::answers_lost);
    if (is_seen && !std::exchange(*is_answered, true) && !receipt) try_again(event, tries_left);
    static_cast<void>(process_->calls(Port::acknowledgement));  // or right after it
  });
}

void Network::try_again(const Event& event, int tries_left) {
  if (tries_left <= 1) return;
  around_.schedule.after(around_.random.between(Duration{100}, Duration{3'000}),
                         [this, event, tries_left] { arrive(event, tries_left - 1); });
}

void Network::acknowledged(const Event& event, const Receipt& receipt) {
  around_.story.tell([&] { return "2xx for " + words_for(event); });
  // Whatever lies at its path later, this event may not be in it.
  if (around_.truth.is_file_away && receipt.kept_by == KeptBy::store) {
    around_.truth.violate("acknowledged while the database file was away: " + words_for(event));
  }
  if (const auto* change = std::get_if<MessageStatusChange>(&event)) return acknowledged(*change);
  if (const auto* text = std::get_if<InboundText>(&event)) {
    if (receipt.kept_by == KeptBy::carrier) return check_carrier_keeps(event, text->message_sid);
    std::optional<Duration>& at = around_.truth.inbound.at(text->message_sid).acknowledged_at;
    at = at.value_or(around_.schedule.elapsed());
    return;
  }
  const CallDetails& details = call_details(event);
  CallTruth& call = around_.truth.calls.at(details.call_sid.text());
  if (call.is_child) return;
  // Of what is in memory alone the carrier has the text; the sweep finds the call.
  if (receipt.kept_by == KeptBy::carrier) return check_carrier_keeps(event, details.call_sid.text());
  call.acknowledged.insert(event_key(event));
  const auto* change = std::get_if<CallStatusChange>(&event);
  if (change && is_final(change->status) && !call.end_acknowledged_at) {
    call.end_acknowledged_at = around_.schedule.elapsed();
  }
  if (!std::holds_alternative<IncomingCall>(event)) return;
  if (!receipt.answer) return around_.truth.violate("a call came in and was told nothing: " + words_for(event));
  // From the spool it is told what is true whatever was promised before.
  if (receipt.kept_by != KeptBy::store) return call.heard.reset();
  if (call.heard && *call.heard != receipt.answer->greeting) {
    around_.truth.violate("a repeated voice webhook got another answer: " + words_for(event));
  }
  call.heard = receipt.answer->greeting;
}

/// Nothing can be written: a call's end, or a text, may be acknowledged only because the carrier has what it is
/// answered by.
void Network::check_carrier_keeps(const Event& event, const std::string& cause) {
  for (auto it = around_.truth.requests.lower_bound(cause + ".");
       it != around_.truth.requests.end() && it->first.starts_with(cause + "."); ++it) {
    if (std::ranges::any_of(it->second, &RequestTruth::carrier_has_it)) return;
  }
  around_.truth.violate("acknowledged, and neither written nor texted: " + words_for(event));
}

void Network::acknowledged(const MessageStatusChange& change) {
  around_.truth.statuses_acknowledged.emplace(change.text.text(), change.message_sid, change.status_text);
}

// --- the carrier's API --------------------------------------------------------------------------------------

void Network::send(SendPermit, OutgoingText text, Carrier::Done done) {
  if (!process_->calls(Port::carrier)) return;
  check_request(text);
  const Fate fate = fate_of(text);
  std::vector<RequestTruth>& requests = around_.truth.requests[text.id.text()];
  requests.push_back({.sender = text.sender,
                      .account = text.account,
                      .carrier_has_it = fate.carrier_has_it,
                      .recipient = text.recipient.text(),
                      .body = text.body,
                      .message_sid = fate.message_sid,
                      .made_at = around_.schedule.elapsed()});
  around_.story.tell([&] {
    return "request: text " + text.id.text() + " " + text.sender.text() + " -> " + text.recipient.text() +
           (fate.carrier_has_it ? " (the carrier takes it)" : "");
  });
  const std::size_t request = requests.size() - 1;
  if (fate.carrier_has_it) live(text, request);
  around_.schedule.after(fate.after, [this, id = text.id.text(), request, fate, life = process_->life(), done] {
    answer(id, request, fate, life, done);
  });
  static_cast<void>(process_->calls(Port::carrier));  // or once it has left
}

/// What becomes of a message that the carrier has taken, and what it tells of it. Statuses come in any order, and
/// sometimes before the answer to the request.
void Network::live(const OutgoingText& text, std::size_t request) {
  SeededRandom& random = around_.random;
  RequestTruth& truth = around_.truth.requests.at(text.id.text())[request];
  truth.lost_with = loss_of(text);
  const bool is_early = around_.weather.strikes(Fault::statuses_early, 80);
  const auto tell = [&](MessageStatus status, int code) {
    const Duration after =
        is_early ? Duration{random.between(0, 30)} : random.between(Duration{300}, Duration{15'000});
    MessageStatusChange change{.text = text.id,
                               .account = text.account,
                               .message_sid = truth.message_sid,
                               .status = status,
                               .status_text = std::string(name_of(status)),
                               .code = code,
                               .attempt = random.chance(90) ? text.attempt : SendAttempt{}};
    around_.schedule.after(after, [this, change] { deliver(change, 1); });
  };
  if (random.chance(30)) tell(MessageStatus::queued, 0);
  tell(MessageStatus::sent, 0);
  if (truth.lost_with) {
    const MessageStatus lost = random.chance(70) ? MessageStatus::undelivered : MessageStatus::failed;
    tell(lost, *truth.lost_with);
    if (random.chance(20)) tell(lost, *truth.lost_with);  // and again, perhaps once the text has left anew
  } else if (random.chance(90)) {
    tell(MessageStatus::delivered, 0);
  }
  if (!around_.people_text || truth.lost_with) return;
  const bool is_to_owner =
      std::ranges::find(around_.town.owners, text.recipient.text()) != around_.town.owners.end();
  if (is_to_owner && text.id.purpose == Purpose::onboarding) return owner_reads(text);
  if (!random.chance(40)) return;
  around_.schedule.after(random.between(Duration{2'000}, Duration{90'000}),
                         [this, phone = text.recipient.text(), to = text.sender] { this->text(phone, to); });
}

std::optional<int> Network::loss_of(const OutgoingText& text) {
  if (around_.town.senders_unregistered.contains(text.sender)) return 30034;
  if (around_.town.not_mobile.contains(text.recipient)) return 30006;
  constexpr std::array codes = {30003, 30001, 30007, 30008, 39999};
  const bool is_lost =
      around_.weather.strikes(Fault::messages_lost) || (!around_.town.is_plain && around_.random.chance(2));
  return is_lost ? std::optional(around_.random.pick(codes)) : std::nullopt;
}

/// As the carriers' tables have it.
Refused Network::why_lost(Account account, int code) const {
  return account == Account::first ? carrier::refused_by_twilio_status(code, {})
                                   : carrier::refused_by_twilio_status(code, {});
}

void Network::find(FindQuery query, FoundDone done) {
  if (!process_->calls(Port::carrier)) return;
  const Duration after = around_.random.between(Duration{20}, Duration{2'000});
  around_.schedule.after(after, [this, query, life = process_->life(), done = std::move(done)] {
    if (life != process_->life() || !process_->is_alive()) return;
    FindAnswer answer = list(query);
    const auto* found = std::get_if<Found>(&answer);
    around_.story.tell([&] {
      return "list for text " + query.id.text() + ": " +
             (found ? std::to_string(found->messages.size()) + " messages" : "no answer");
    });
    done(std::move(answer));
  });
}

bool Network::list_fails() {
  return around_.weather.strikes(Fault::carrier_down, 90) || around_.weather.strikes(Fault::carrier_hangs) ||
         around_.weather.strikes(Fault::carrier_breaks) ||
         around_.weather.strikes(Fault::credentials_refused, 95) ||
         (!around_.town.is_plain && around_.random.chance(3));
}

FindAnswer Network::list(const FindQuery& query) {
  if (list_fails()) return CannotTell{"no list"};
  if (around_.weather.strikes(Fault::lists_blind)) {
    ++around_.truth.told_absent[query.id.text()];
    around_.truth.told_blindly.insert(query.id.text());
    return Found{};
  }
  Found found;
  bool has_ours = false;
  for (auto& [id, requests] : around_.truth.requests) {
    for (RequestTruth& request : requests) {
      const bool is_listed = request.carrier_has_it && request.made_at + list_lag_ <= around_.schedule.elapsed();
      if (!is_listed || request.recipient != query.recipient.text() || request.body != query.body) continue;
      if (request.sender != query.sender || request.account != query.account) continue;
      const Instant created = around_.schedule.true_time(request.made_at);
      if (created < query.from || created > query.to) continue;
      has_ours = has_ours || (id == query.id.text() && !request.is_loss_told);
      FoundMessage message{request.message_sid, "sent", 0, created, request.body};
      message.is_lost =
          request.lost_with && request.made_at + list_lag_ + Duration{5'000} <= around_.schedule.elapsed();
      request.is_loss_told = request.is_loss_told || message.is_lost;
      message.error_code = message.is_lost ? *request.lost_with : 0;
      found.messages.push_back(std::move(message));
    }
  }
  if (!has_ours) ++around_.truth.told_absent[query.id.text()];
  return found;
}

// --- the carrier's list of calls ------------------------------------------------------------------------------

template <class Answer>
void Network::tell_later(std::function<Answer()> answer, std::function<void(Answer)> done) {
  if (!process_->calls(Port::carrier)) return;
  const Duration after = around_.random.between(Duration{20}, Duration{2'000});
  around_.schedule.after(after,
                         [this, answer = std::move(answer), done = std::move(done), life = process_->life()] {
                           if (life == process_->life() && process_->is_alive()) done(answer());
                         });
}

ListedCall Network::listed(const CallOnFile& call) const {
  return {.call_sid = call.details.call_sid,
          .caller = call.details.caller,
          .number = call.details.number,
          .number_text = call.details.number_text,
          .forwarded_from = call.details.forwarded_from,
          .is_inbound = call.details.is_inbound_parent,
          .parent = call.details.parent,
          .status = call.status,
          .status_text = std::string(name_of(call.status)),
          .started_at = std::chrono::floor<std::chrono::seconds>(around_.schedule.true_time(call.began)),
          .ended_at = call.ended ? std::optional<Instant>(around_.schedule.true_time(*call.ended)) : std::nullopt};
}

void Network::list_calls(CallWindow window, Listed done) {
  using Answer = Result<std::vector<ListedCall>>;
  tell_later<Answer>(
      [this, window]() -> Answer {
        const bool fails = list_fails();
        around_.story.tell([&] { return std::string("list of calls: ") + (fails ? "no answer" : "told"); });
        if (fails) return failure(ErrorKind::unavailable, "no list");
        std::vector<ListedCall> calls;
        for (const auto& [sid, call] : calls_) {
          ListedCall one = listed(call);
          const bool is_within = one.started_at + Duration{1'000} > window.from && one.started_at <= window.to;
          if (is_within && call.began + list_lag_ <= around_.schedule.elapsed()) calls.push_back(std::move(one));
        }
        return calls;
      },
      std::move(done));
}

/// Nothing is dialled on in this world.
void Network::list_children(CallSid, Listed done) {
  using Answer = Result<std::vector<ListedCall>>;
  tell_later<Answer>(
      [this]() -> Answer {
        if (list_fails()) return failure(ErrorKind::unavailable, "no list");
        return std::vector<ListedCall>{};
      },
      std::move(done));
}

void Network::find_call(CallSid call_sid, FoundCall done) {
  using Answer = Result<ListedCall>;
  tell_later<Answer>(
      [this, call_sid]() -> Answer {
        if (list_fails()) return failure(ErrorKind::unavailable, "no answer");
        return listed(calls_.at(call_sid.text()));
      },
      std::move(done));
}

/// All that can be called ask us about their calls.
void Network::list_numbers(CarrierNumbers::Done done) {
  tell_later<NumbersAnswer>(
      [this]() -> NumbersAnswer {
        if (list_fails()) return CannotTell{"no list"};
        CarrierNumberList list;
        for (const E164 number : around_.town.called_numbers) {
          list.numbers.push_back({.number = number,
                                  .sid = "PN1",
                                  .voice = {public_url + std::string("/twilio/voice"), "POST"},
                                  .sms_url = public_url + std::string("/twilio/sms")});
        }
        return list;
      },
      std::move(done));
}

void Network::answer(const std::string& id, std::size_t request, const Fate& fate, std::uint64_t life,
                     const Carrier::Done& done) {
  if (life != process_->life() || !process_->is_alive()) return;
  around_.story.tell([&] { return "answer: text " + id + " " + std::visit(WordsOfAnswer{}, fate.answer); });
  RequestTruth& truth = around_.truth.requests.at(id)[request];
  truth.answer = std::visit(TruthOfAnswer{}, fate.answer);
  truth.answered_at = around_.schedule.elapsed();
  done(fate.answer);
}

Network::Fate Network::fate_of(const OutgoingText& text) {
  using Because = Refused::Because;
  const Duration soon = around_.random.between(Duration{5}, Duration{400});
  if (Fate fate = fate_by_weather(text.account); fate.after > Duration{0}) return fate;
  Refused refusal;
  if (around_.town.opted_out.contains(text.recipient)) {
    refusal = refused(Because::recipient, 400, 21610);
    refusal.learned = PhoneFact::opted_out;
    return {refusal, false, soon};
  }
  if (around_.town.not_mobile.contains(text.recipient) && around_.random.chance(50)) {
    refusal = refused(Because::recipient, 400, 21614);
    refusal.learned = PhoneFact::landline;
    return {refusal, false, soon};
  }
  if (around_.town.senders_refused.contains(text.sender))
    return {refused(Because::sender, 400, 21606), false, soon};
  if (!around_.town.is_plain && around_.random.chance(1)) {
    constexpr std::array rare = {Because::other,    Because::once_more, Because::next_day,   Because::account,
                                 Because::filtered, Because::loop,      Because::our_mistake};
    return {refused(around_.random.pick(rare), 400, 29999), false, soon};
  }
  return accepted(soon);
}

Network::Fate Network::accepted(Duration after) {
  const std::string sid = "SM" + std::to_string(++messages_);
  return {Accepted{sid}, true, after, sid};
}

/// Half of the requests that are never answered were taken all the same.
Network::Fate Network::unknown(std::string reason, Duration after) {
  if (around_.random.chance(50)) return {Unknown{std::move(reason)}, false, after};
  return {Unknown{std::move(reason)}, true, after, "SM" + std::to_string(++messages_)};
}

/// What the weather makes of a request; with no delay, nothing.
Network::Fate Network::fate_by_weather(Account account) {
  using Because = Refused::Because;
  SeededRandom& random = around_.random;
  const Duration soon = random.between(Duration{5}, Duration{400});
  const Fault down = account == Account::first ? Fault::carrier_down : Fault::second_account_down;
  if (around_.weather.strikes(down, 90)) return {NotSent{"connection refused"}, false, soon};
  if (account == Account::second) return {Unknown{}, false, Duration{0}};
  if (around_.weather.strikes(Fault::credentials_refused, 95)) {
    return {refused(Because::credentials, 401, 20003), false, soon};
  }
  if (around_.weather.strikes(Fault::carrier_limits, 60)) {
    Refused refusal = refused(Because::later, 429, 20429);
    if (random.chance(50)) refusal.retry_after = random.between(Duration{1'000}, Duration{90'000});
    return {refusal, false, soon};
  }
  if (around_.weather.strikes(Fault::carrier_breaks, 70)) return unknown("HTTP 500", soon);
  if (around_.weather.strikes(Fault::answers_cut, 20)) {
    Fate cut = accepted(soon);
    cut.answer = Unknown{"connection reset"};
    return cut;
  }
  if (around_.weather.strikes(Fault::carrier_hangs, 60)) {
    return random.chance(40) ? accepted(Duration{12'000}) : unknown("timed out", carrier_waits);
  }
  return {Unknown{}, false, Duration{0}};
}

// --- what a request may be ------------------------------------------------------------------------------------

void Network::check_request(const OutgoingText& text) {
  Truth& truth = around_.truth;
  const std::string id = text.id.text();
  const auto call = truth.calls.find(text.id.cause);
  const auto answered = truth.inbound.find(text.id.cause);
  if (call != truth.calls.end() && !call->second.is_child) {
    if (call->second.caller != text.recipient.text()) truth.violate("a text to somebody who did not call: " + id);
    check_words(text, call->second);
  } else if (answered != truth.inbound.end()) {
    check_reply(text, answered->second);
  } else if (text.id.cause.starts_with("signup-")) {
    check_nudge(text);
  } else {
    return truth.violate("a text without a call or a text: " + id);
  }
  if (around_.town.is_withheld(text.recipient.text())) truth.violate("a text to a withheld id: " + id);
  if (around_.town.landlines.contains(text.recipient)) truth.violate("a text to a landline: " + id);
  if (around_.town.is_ours(text.recipient)) truth.violate("a text to a number of our own: " + id);
  const bool is_blind = truth.told_blindly.contains(id);
  bool is_second = false;
  for (const RequestTruth& earlier : truth.requests[id]) {
    if (earlier.is_loss_told || earlier.is_forgotten) continue;
    if (earlier.carrier_has_it && !is_blind) truth.violate("texted twice: " + id);
    is_second = is_second || earlier.carrier_has_it;
    // Twice told by the carrier's list that it has not got it: then it may be sent again.
    if (earlier.answer != RequestTruth::Answer::certainly_not_sent && truth.told_absent[id] < 2) {
      truth.violate("sent again although the first request may have arrived: " + id);
    }
  }
  truth.texted_twice += is_second ? 1 : 0;
}

/// What an owner says to a customer leaves from a number that this customer has texted.
void Network::check_owners_words(const OutgoingText& text, const InboundTruth& said) {
  Truth& truth = around_.truth;
  const std::string id = text.id.text();
  const bool has_texted = std::ranges::any_of(truth.inbound, [&](const auto& entry) {
    return entry.second.phone == text.recipient.text() && entry.second.number == text.sender;
  });
  if (!has_texted) truth.violate("a customer was texted from a number that he has not texted: " + id);
  if (said.is_to_sign_up || said.is_out) truth.violate("words for a customer that are none: " + id);
  const Town& town = around_.town;
  const bool is_owner = std::ranges::find(town.owners, said.phone) != town.owners.end() ||
                        std::ranges::any_of(town.clients, [&](const ClientProfile& client) {
                          return client.owner_phone.text() == said.phone;
                        });
  if (!is_owner) truth.violate("somebody who owns nothing texted a customer: " + id);
}

/// A text is answered to whoever sent it, from the number texted: one to nobody's number is acknowledged, one of
/// an owner who signs up has an answer, a customer's is answered in the business's name, and an owner's command too.
void Network::check_reply(const OutgoingText& text, const InboundTruth& answered) {
  Truth& truth = around_.truth;
  const std::string id = text.id.text();
  if (text.id.purpose == Purpose::customer_reply && text.recipient.text() != answered.phone) {
    return check_owners_words(text, answered);
  }
  if (text.recipient.text() != answered.phone) truth.violate("a reply to somebody who did not text: " + id);
  if (text.sender != answered.number || text.account != Account::first) {
    truth.violate("a reply from a number that was not texted: " + id);
  }
  if (answered.is_out) truth.violate("a reply to an opt-out: " + id);
  switch (text.id.purpose) {
    case Purpose::triage_reply:
      return check_acknowledgement(text, answered);
    case Purpose::onboarding:
      if (!answered.is_to_sign_up) truth.violate("an owner's answer to a text to another number: " + id);
      return check_sign_up(text);
    case Purpose::customer_reply:
    case Purpose::owner_reply:
      if (answered.is_to_sign_up) truth.violate("a customer's answer to a text to the sign-up number: " + id);
      return;
    case Purpose::customer_intake:
    case Purpose::failsafe:
    case Purpose::canary:
    case Purpose::alert:
      truth.violate("a text led to one of another purpose: " + id);
  }
}

void Network::check_acknowledgement(const OutgoingText& text, const InboundTruth& answered) {
  Truth& truth = around_.truth;
  const Town& town = around_.town;
  const auto row = std::ranges::find(town.pool, answered.number, &PoolNumber::number);
  if (answered.is_to_sign_up || (row != town.pool.end() && row->client)) {
    truth.violate("a text to somebody's number acknowledged as to nobody's: " + text.id.text());
  }
  if (names_a_business(text)) truth.violate("a reply with a business's name: " + text.id.text());
}

bool Network::names_a_business(const OutgoingText& text) const {
  return std::ranges::any_of(around_.town.clients, [&](const ClientProfile& client) {
    return text.body.find(client.name) != std::string::npos;
  });
}

/// Without a text of his an owner is told of his number, or of the operator's approval, by the number that he has
/// texted.
void Network::check_nudge(const OutgoingText& text) {
  Truth& truth = around_.truth;
  const std::string id = text.id.text();
  const bool has_texted = std::ranges::any_of(truth.inbound, [&](const auto& entry) {
    const InboundTruth& inbound = entry.second;
    return inbound.phone == text.recipient.text() && inbound.number == text.sender && inbound.is_to_sign_up;
  });
  if (text.id.purpose != Purpose::onboarding) truth.violate("a text led to one of another purpose: " + id);
  if (!has_texted || text.account != Account::first) {
    truth.violate("an owner's text from a number that he has not texted: " + id);
  }
  if (!text.id.cause.starts_with("signup-" + std::to_string(text.recipient.digits()) + "-")) {
    truth.violate("an owner's text to somebody else: " + id);
  }
  check_sign_up(text);
  const bool has_number = truth.sign_ups.contains(text.recipient.text());
  if (!has_number && !truth.approved.contains(text.recipient.text())) {
    truth.violate("an owner was texted although nothing had happened: " + id);
  }
}

/// An owner is told one number, always the same, which nobody else has been told.
void Network::check_sign_up(const OutgoingText& text) {
  Truth& truth = around_.truth;
  const std::string owner = text.recipient.text();
  for (const E164 number : around_.town.numbers_for_owners) {
    const std::string digits = std::to_string(number.digits());
    const std::string shown = "(" + digits.substr(1, 3) + ") " + digits.substr(4, 3) + "-" + digits.substr(7);
    const bool is_told = text.body.find(shown) != std::string::npos || text.body.find(digits) != std::string::npos;
    if (is_told) truth.sign_ups[owner].numbers.insert(number);
  }
  const auto told = truth.sign_ups.find(owner);
  if (told == truth.sign_ups.end()) return;
  if (told->second.numbers.size() > 1) truth.violate("an owner was told of two numbers: " + text.id.text());
  for (const auto& [other, sign_up] : truth.sign_ups) {
    if (other != owner && sign_up.numbers == told->second.numbers) {
      truth.violate("two owners were told of one number: " + text.id.text());
    }
  }
}

void Network::check_words(const OutgoingText& text, const CallTruth& call) {
  Truth& truth = around_.truth;
  const Town& town = around_.town;
  const std::string id = text.id.text();
  if (text.account == Account::second && text.sender != town.policy.second_sender) {
    truth.violate("a text by the second account from a number that is not its: " + id);
  }
  if (call.number && town.is_sign_up_number(*call.number))
    truth.violate("a text because of a call to the sign-up number: " + id);
  const auto names = [&](const ClientProfile& client) { return text.body.find(client.name) != std::string::npos; };
  const auto named = std::ranges::find_if(town.clients, names);
  switch (text.id.purpose) {
    case Purpose::customer_intake: {
      // Whose that number is by now the judge sees.
      if (call.number && town.is_for_owners(*call.number)) {
        if (text.account == Account::first && text.sender != call.number) {
          truth.violate("an intake text from a number that was not called: " + id);
        }
        return;
      }
      if (named == town.clients.end()) return truth.violate("an intake text without the business's name: " + id);
      if (text.account == Account::first && text.sender != call.number) {
        truth.violate("an intake text from a number that was not called: " + id);
      }
      if (text.recipient == named->owner_phone) truth.violate("an intake text to the owner: " + id);
      const bool is_untextable =
          text.recipient.text() == town.phones[0] || text.recipient.text() == town.phones[1];
      if (is_untextable && named == town.clients.begin()) truth.violate("a text to a blocked caller: " + id);
      return;
    }
    case Purpose::failsafe:
      if (named != town.clients.end()) truth.violate("a fail-safe text with a business's name: " + id);
      if (text.account == Account::first && text.sender != call.number &&
          text.sender != town.policy.failsafe_sender) {
        truth.violate("a fail-safe text from a strange number: " + id);
      }
      return;
    case Purpose::customer_reply:
    case Purpose::owner_reply:
    case Purpose::onboarding:
    case Purpose::triage_reply:
    case Purpose::canary:
    case Purpose::alert:
      truth.violate("a call led to a text of another purpose: " + id);
  }
}

}  // namespace jobrun::simulation
