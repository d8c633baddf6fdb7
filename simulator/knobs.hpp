// Every way in which the practice carrier can be told to behave, in one table: names, allowed values,
// defaults and what each is for. The HTTP endpoint, the page and the tests read this table, so a knob that is
// not in it does not exist, and a misspelt one is refused.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.hpp"
#include "base/names.hpp"
#include "base/ports/carrier_account.hpp"
#include "base/result.hpp"
#include "parameters.hpp"

namespace jobrun::simulator {

/// What of the REST API a fault is about.
enum class ApiCall {
  any,
  send_text,
  list_texts,
  fetch_text,
  list_calls,
  fetch_call,
  numbers,
  account,
  balance,
  messaging
};

/// What a fault does to a REST request. Where a request sends a text, "before" and "after" say whether the
/// carrier has the text when things go wrong; for a look-up both leave nothing behind. "After statuses": the
/// answer to a text comes once all its statuses are told.
enum class ApiFaultKind {
  refuse,
  rate_limit,
  fail_before_accepting,
  fail_after_accepting,
  hang_before_accepting,
  hang_after_accepting,
  close_before_accepting,
  close_after_accepting,
  slow,
  answer_after_statuses,
  answer_garbage,
};

enum class WebhookKind {
  any,
  voice,
  dial_result,
  gather,
  recording,
  redirect,
  screening,
  call_status,
  sms,
  text_status,
};

enum class WebhookFaultKind { drop, duplicate, delay, reorder, wrong_signature, no_signature };
enum class Spacing { at_once, in_a_row };

enum class HangUpDialResult { canceled, no_answer, not_called };
enum class ForwardingShows { caller, forwarding_phone };
enum class QueuedDateSent { missing, present };
enum class SequenceNumbers { counted, always_zero };
enum class PageUris { relative, absolute };
enum class OptOutWords { honoured, ignored };
enum class AccountKind { full, trial };
enum class TextFate { delivered, undelivered, failed };

/// `next` requests are hit, then the rule is gone; without it, all are.
struct Remaining {
  std::optional<std::int64_t> next;
};

/// Empty: matches all.
struct Between {
  std::string to;
  std::string from;
};

struct ApiFault {
  ApiCall on = ApiCall::send_text;
  Between between;
  Remaining remaining;
  ApiFaultKind kind = ApiFaultKind::refuse;
  int code = 0;                    ///< refuse: Twilio's error code
  int http_status = 0;             ///< 0: the usual one for the code or kind
  std::int64_t ms = 0;             ///< added before the answer, whatever the kind
  std::int64_t retry_after_s = 0;  ///< rate_limit: the Retry-After header; 0 leaves it out
};

struct WebhookFault {
  WebhookKind on = WebhookKind::any;
  Between between;
  Remaining remaining;
  WebhookFaultKind kind = WebhookFaultKind::drop;
  std::int64_t times = 2;              ///< duplicate: how often in all
  Spacing spacing = Spacing::at_once;  ///< duplicate
  std::int64_t ms = 0;                 ///< delay
};

/// What becomes of accepted texts.
struct TextFateRule {
  Between between;
  Remaining remaining;
  TextFate fate = TextFate::undelivered;
  int code = 30008;
};

/// A Messaging Service, which numbers can be in.
struct PracticeService {
  std::string name;
  std::string inbound_request_url;  ///< empty: what comes in is dropped, unless the numbers' own URLs hold
  bool use_inbound_webhook_on_number = false;
  std::vector<std::string> numbers;
  std::string campaign_status;  ///< of its registration; empty: it has none
};

struct Knobs {
  std::string service_url;
  bool fast = false;
  std::vector<ApiFault> api_faults;
  std::vector<WebhookFault> webhook_faults;
  std::vector<TextFateRule> text_fates;
  std::vector<std::string> text_progress = {"queued", "sent", "delivered"};
  std::int64_t text_progress_ms = 20;
  CallStatus caller_hangs_up_status = CallStatus::canceled;
  HangUpDialResult caller_hangs_up_dial_result = HangUpDialResult::canceled;
  CallStatus answer_on_bridge_unanswered = CallStatus::no_answer;
  CallStatus voice_unreachable_status = CallStatus::failed;
  CallStatus screened_out_dial_result = CallStatus::no_answer;
  ForwardingShows forwarding_shows = ForwardingShows::caller;
  QueuedDateSent queued_text_date_sent = QueuedDateSent::missing;
  SequenceNumbers sequence_numbers = SequenceNumbers::counted;
  PageUris page_uris = PageUris::relative;
  OptOutWords opt_out_words = OptOutWords::honoured;
  bool advanced_opt_out = false;
  AccountStatus account_status = AccountStatus::active;
  AccountKind account_type = AccountKind::full;
  std::string balance = "100.00";
  std::vector<PracticeService> messaging_services;
  std::int64_t list_lag_ms = 0;
  std::int64_t second_ms = 0;
  std::int64_t webhook_timeout_ms = 15'000;
  std::int64_t webhook_connect_timeout_ms = 5'000;
  std::int64_t webhook_connect_retries = 1;
  std::vector<std::string> omit_parameters;
  Parameters extra_parameters;
  std::int64_t alert_status = 204;
  std::int64_t alert_delay_ms = 0;
  std::int64_t receipts_kept = 0;
};

/// Applies a JSON object of names and values; `null` puts a knob back to its default in `defaults`. All or
/// nothing: on failure `knobs` is as before, and the message says which name or value and what is allowed.
Result<void> apply_knobs(Knobs& knobs, const Knobs& defaults, const nlohmann::json& changes);

/// Every knob by name with its value.
nlohmann::ordered_json knobs_as_json(const Knobs& knobs);

/// For people and the page: name, kind, choices or bounds, default, what it is for.
nlohmann::ordered_json knobs_described();

/// The first rule that is about this request; its count goes down, and a spent rule is removed.
std::optional<ApiFault> take_fault(Knobs& knobs, ApiCall call, std::string_view to, std::string_view from);
/// All webhook rules that apply to one webhook, each once; `reorder` is about a sequence and not among them.
std::vector<WebhookFault> take_faults(Knobs& knobs, WebhookKind kind, std::string_view to, std::string_view from);
/// Whether this sequence of statuses is to arrive in the opposite order.
bool take_reorder(Knobs& knobs, WebhookKind kind, std::string_view to, std::string_view from);
std::optional<TextFateRule> take_fate(Knobs& knobs, std::string_view to, std::string_view from);

}  // namespace jobrun::simulator

namespace jobrun {

template <>
struct NamesOf<simulator::ApiCall> {
  using enum simulator::ApiCall;
  static constexpr std::array<Named<simulator::ApiCall>, 10> rows = {{{any, "any"},
                                                                      {send_text, "send_text"},
                                                                      {list_texts, "list_texts"},
                                                                      {fetch_text, "fetch_text"},
                                                                      {list_calls, "list_calls"},
                                                                      {fetch_call, "fetch_call"},
                                                                      {numbers, "numbers"},
                                                                      {account, "account"},
                                                                      {balance, "balance"},
                                                                      {messaging, "messaging"}}};
};

template <>
struct NamesOf<simulator::ApiFaultKind> {
  using enum simulator::ApiFaultKind;
  static constexpr std::array<Named<simulator::ApiFaultKind>, 11> rows = {
      {{refuse, "refuse"},
       {rate_limit, "rate_limit"},
       {fail_before_accepting, "fail_before_accepting"},
       {fail_after_accepting, "fail_after_accepting"},
       {hang_before_accepting, "hang_before_accepting"},
       {hang_after_accepting, "hang_after_accepting"},
       {close_before_accepting, "close_before_accepting"},
       {close_after_accepting, "close_after_accepting"},
       {slow, "slow"},
       {answer_after_statuses, "answer_after_statuses"},
       {answer_garbage, "answer_garbage"}}};
};

template <>
struct NamesOf<simulator::WebhookKind> {
  using enum simulator::WebhookKind;
  static constexpr std::array<Named<simulator::WebhookKind>, 10> rows = {{{any, "any"},
                                                                          {voice, "voice"},
                                                                          {dial_result, "dial_result"},
                                                                          {gather, "gather"},
                                                                          {recording, "recording"},
                                                                          {redirect, "redirect"},
                                                                          {screening, "screening"},
                                                                          {call_status, "call_status"},
                                                                          {sms, "sms"},
                                                                          {text_status, "text_status"}}};
};

template <>
struct NamesOf<simulator::WebhookFaultKind> {
  using enum simulator::WebhookFaultKind;
  static constexpr std::array<Named<simulator::WebhookFaultKind>, 6> rows = {{{drop, "drop"},
                                                                              {duplicate, "duplicate"},
                                                                              {delay, "delay"},
                                                                              {reorder, "reorder"},
                                                                              {wrong_signature, "wrong_signature"},
                                                                              {no_signature, "no_signature"}}};
};

template <>
struct NamesOf<simulator::Spacing> {
  using enum simulator::Spacing;
  static constexpr std::array<Named<simulator::Spacing>, 2> rows = {
      {{at_once, "at_once"}, {in_a_row, "in_a_row"}}};
};

template <>
struct NamesOf<simulator::HangUpDialResult> {
  using enum simulator::HangUpDialResult;
  static constexpr std::array<Named<simulator::HangUpDialResult>, 3> rows = {
      {{canceled, "canceled"}, {no_answer, "no-answer"}, {not_called, "not_called"}}};
};

template <>
struct NamesOf<simulator::ForwardingShows> {
  using enum simulator::ForwardingShows;
  static constexpr std::array<Named<simulator::ForwardingShows>, 2> rows = {
      {{caller, "caller"}, {forwarding_phone, "forwarding_phone"}}};
};

template <>
struct NamesOf<simulator::QueuedDateSent> {
  using enum simulator::QueuedDateSent;
  static constexpr std::array<Named<simulator::QueuedDateSent>, 2> rows = {
      {{missing, "missing"}, {present, "present"}}};
};

template <>
struct NamesOf<simulator::SequenceNumbers> {
  using enum simulator::SequenceNumbers;
  static constexpr std::array<Named<simulator::SequenceNumbers>, 2> rows = {
      {{counted, "counted"}, {always_zero, "always_zero"}}};
};

template <>
struct NamesOf<simulator::PageUris> {
  using enum simulator::PageUris;
  static constexpr std::array<Named<simulator::PageUris>, 2> rows = {
      {{relative, "relative"}, {absolute, "absolute"}}};
};

template <>
struct NamesOf<simulator::OptOutWords> {
  using enum simulator::OptOutWords;
  static constexpr std::array<Named<simulator::OptOutWords>, 2> rows = {
      {{honoured, "honoured"}, {ignored, "ignored"}}};
};

template <>
struct NamesOf<simulator::AccountKind> {
  using enum simulator::AccountKind;
  static constexpr std::array<Named<simulator::AccountKind>, 2> rows = {{{full, "Full"}, {trial, "Trial"}}};
};

template <>
struct NamesOf<simulator::TextFate> {
  using enum simulator::TextFate;
  static constexpr std::array<Named<simulator::TextFate>, 3> rows = {
      {{delivered, "delivered"}, {undelivered, "undelivered"}, {failed, "failed"}}};
};

}  // namespace jobrun
