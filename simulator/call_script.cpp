#include "call_script.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace jobrun::simulator {

namespace {

/// A whole number of an attribute, within bounds; anything else is the fallback.
std::int64_t number_of(std::string_view text, std::int64_t fallback, std::int64_t max) {
  std::int64_t value = fallback;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < 0) return fallback;
  return std::min(value, max);
}

std::string trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::string method_of(const Element& verb, std::string_view attribute) {
  return verb.attribute(attribute) == "GET" ? "GET" : "POST";
}

std::string recording_sid(std::string_view of_call, int number) {
  constexpr std::size_t digits = 32;
  std::string id = std::to_string(number);
  id += of_call.substr(of_call.size() - std::min(of_call.size(), digits - id.size()));
  return "RE" + std::string(digits - id.size(), '0') + id;
}

}  // namespace

CallScript::CallScript(Behaviour behaviour, CallStatus answer_on_bridge_unanswered, std::string recordings)
    : behaviour_(std::move(behaviour)),
      answer_on_bridge_unanswered_(answer_on_bridge_unanswered),
      recordings_of_(std::move(recordings)) {}

void CallScript::hear(std::string line) {
  if (heard_.size() < heard_lines_max) heard_.push_back(std::move(line));
}

Step CallScript::played(Element response, std::string url) {
  for (const TwimlProblem& problem : unknown_parts(response)) {
    if (problems_.size() < heard_lines_max) problems_.push_back(problem.text());
  }
  url_ = std::move(url);
  verbs_.assign(std::make_move_iterator(response.children.begin()),
                std::make_move_iterator(response.children.end()));
  return next();
}

Step CallScript::failed(const TwimlProblem& problem) {
  problems_.push_back(problem.text());
  hear("[application error] We are sorry, an application error has occurred. Goodbye.");
  return end();
}

Step CallScript::end() {
  is_over_ = true;
  verbs_.clear();
  queued_.clear();
  return Ended{};
}

Step CallScript::next() {
  if (is_over_) return Ended{};
  if (!queued_.empty()) {
    Step step = std::move(queued_.front());
    queued_.pop_front();
    return step;
  }
  if (verbs_.empty()) {
    ran_to_end_ = true;
    if (is_unbridged_ && !is_answered_) status_ = answer_on_bridge_unanswered_;
    is_answered_ = true;
    return end();
  }
  const Element verb = std::move(verbs_.front());
  verbs_.pop_front();
  return run(verb);
}

Step CallScript::run(const Element& verb) {
  if (verb.name == "Reject") return reject(verb);
  if (verb.name == "Dial") return dial(verb);
  if (verb.name == "Redirect") return redirect(verb);
  if (verb.name == "Pause") {
    const std::chrono::seconds time{number_of(verb.attribute("length"), 1, 3'600)};
    elapsed_ += time;
    return Pass{time};
  }
  is_answered_ = true;
  if (verb.name == "Say" || verb.name == "Play") return say(verb);
  if (verb.name == "Gather") return gather(verb);
  if (verb.name == "Record") return record(verb);
  if (verb.name == "Hangup") return end();
  return next();
}

Step CallScript::say(const Element& verb) {
  const std::string text = trimmed(verb.text);
  hear(verb.name == "Say" ? text : "[plays " + text + "]");
  // About three words a second, which is how long a caller has to listen.
  const std::chrono::seconds time{1 + static_cast<std::int64_t>(text.size() / 16)};
  elapsed_ += time;
  return Pass{time};
}

Step CallScript::gather(const Element& verb) {
  for (const Element& child : verb.children) {
    if (child.name == "Say" || child.name == "Play") say(child);
  }
  const bool must_call = verb.attribute("actionOnEmptyResult") == "true";
  if (behaviour_.digits.empty() && !must_call) {
    const std::chrono::seconds time{number_of(verb.attribute("timeout"), 5, 3'600)};
    elapsed_ += time;
    return Pass{time};
  }
  return fetch(WebhookKind::gather, verb, verb.attribute("action"), {{"Digits", behaviour_.digits}});
}

Step CallScript::record(const Element& verb) {
  if (verb.attribute("playBeep") != "false") hear("[beep]");
  if (behaviour_.voicemail.empty()) {
    const std::chrono::seconds silence{number_of(verb.attribute("timeout"), 5, 3'600)};
    elapsed_ += silence;
    return Pass{silence};
  }
  const std::int64_t longest = number_of(verb.attribute("maxLength"), 3'600, 14'400);
  const std::int64_t length =
      std::clamp<std::int64_t>(1 + static_cast<std::int64_t>(behaviour_.voicemail.size() / 16), 1, longest);
  elapsed_ += std::chrono::seconds{length};
  const std::string sid = recording_sid(recordings_of_, ++recordings_);
  const Parameters about = {{"RecordingSid", sid},
                            {"RecordingUrl", resolved_url(url_, "/practice/recordings/" + sid)},
                            {"RecordingDuration", std::to_string(length)}};
  if (const std::string_view callback = verb.attribute("recordingStatusCallback"); !callback.empty()) {
    Parameters extra = about;
    extra.emplace_back("RecordingStatus", "completed");
    queued_.push_back(Tell{WebhookKind::recording, method_of(verb, "recordingStatusCallbackMethod"),
                           resolved_url(url_, callback), extra, true});
  }
  if (const std::string_view callback = verb.attribute("transcribeCallback"); !callback.empty()) {
    Parameters extra = about;
    extra.emplace_back("TranscriptionText", behaviour_.voicemail);
    extra.emplace_back("TranscriptionStatus", "completed");
    queued_.push_back(Tell{WebhookKind::recording, "POST", resolved_url(url_, callback), extra});
  }
  // Without an action the carrier asks the current document's URL again.
  Parameters extra = about;
  extra.emplace_back("Digits", "hangup");
  queued_.push_back(fetch(WebhookKind::recording, verb, verb.attribute("action"), extra));
  return Pass{std::chrono::seconds{length}};
}

Step CallScript::dial(const Element& verb) {
  DialOut out;
  out.ring_time = std::chrono::seconds{number_of(verb.attribute("timeout"), 30, 600)};
  out.caller_id = verb.attribute("callerId");
  for (const Element& child : verb.children) {
    if (child.name != "Number" || out.targets.size() >= 10) continue;
    const std::string_view url = child.attribute("url");
    out.targets.push_back(
        {trimmed(child.text), url.empty() ? std::string() : resolved_url(url_, url), method_of(child, "method")});
  }
  if (verb.children.empty()) out.targets.push_back({trimmed(verb.text), {}, "POST"});
  if (verb.attribute("answerOnBridge") != "true") is_answered_ = true;
  hear("[rings]");
  dialling_ = verb;
  return out;
}

Step CallScript::dialled(const DialResult& result) {
  const Element verb = dialling_.value_or(Element{});
  dialling_.reset();
  elapsed_ += std::chrono::seconds{result.duration_s};
  if (result.is_bridged) {
    is_answered_ = true;
    hear("[talks]");
  } else {
    is_unbridged_ = !is_answered_;
  }
  if (result.status.empty()) return end();
  const bool has_action = has(verb.attributes, "action");
  Parameters extra = {{"DialCallStatus", result.status},
                      {"DialCallSid", result.child_sid},
                      {"DialCallDuration", std::to_string(result.duration_s)},
                      {"DialBridged", result.is_bridged ? "true" : "false"}};
  if (result.caller_left) {
    if (!has_action) return end();
    queued_.push_back(Ended{});
    return Tell{WebhookKind::dial_result, method_of(verb, "method"), resolved_url(url_, verb.attribute("action")),
                std::move(extra)};
  }
  if (!has_action) return next();
  return fetch(WebhookKind::dial_result, verb, verb.attribute("action"), std::move(extra));
}

Step CallScript::redirect(const Element& verb) {
  return fetch(WebhookKind::redirect, verb, trimmed(verb.text), {});
}

Step CallScript::reject(const Element& verb) {
  if (is_answered_) {
    problems_.push_back("12200: <Reject> has no effect once the call was answered");
    return end();
  }
  const bool is_busy = verb.attribute("reason") == "busy";
  hear(is_busy ? "[busy tone]" : "[not in service tone]");
  status_ = is_busy ? CallStatus::busy : CallStatus::no_answer;
  return end();
}

Step CallScript::fetch(WebhookKind kind, const Element& verb, std::string_view reference, Parameters extra) {
  if (++redirects_ > redirects_max) {
    return failed({11206, "more than " + std::to_string(redirects_max) + " documents in one call"});
  }
  return Fetch{kind, method_of(verb, "method"), resolved_url(url_, reference), std::move(extra)};
}

}  // namespace jobrun::simulator
