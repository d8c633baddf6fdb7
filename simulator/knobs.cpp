#include "knobs.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "json_fields.hpp"

namespace jobrun::simulator {

namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t rules_max = 1'000;
constexpr std::int64_t ms_max = 600'000;
constexpr std::int64_t count_max = 1'000'000'000;

struct KnobRow {
  std::string_view name;
  std::string_view kind;  ///< switch, choice, number, text, list, rules, table
  std::string_view about;
  std::vector<std::string_view> choices;
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::function<Result<void>(Knobs&, const Json&)> set;
  std::function<OrderedJson(const Knobs&)> get;
  std::function<void(Knobs&, const Knobs&)> reset;
  std::string_view group{};  ///< faults, disputed (sources disagree), conduct
};

/// Reads one value through Fields, so that the messages are the same everywhere.
template <class Read>
Result<void> read_value(std::string_view name, const Json& value, Read read) {
  const Json object = {{std::string(name), value}};
  Fields fields(object, "the knobs");
  read(fields);
  return fields.finish();
}

template <class Member>
std::function<void(Knobs&, const Knobs&)> resets(Member Knobs::* member) {
  return [member](Knobs& knobs, const Knobs& defaults) { knobs.*member = defaults.*member; };
}

KnobRow flag_knob(std::string_view name, bool Knobs::* member, std::string_view about) {
  return {name,
          "switch",
          about,
          {},
          0,
          0,
          [=](Knobs& knobs, const Json& value) {
            return read_value(name, value, [&](Fields& fields) { fields.flag(name, knobs.*member); });
          },
          [=](const Knobs& knobs) { return OrderedJson(knobs.*member); },
          resets(member)};
}

KnobRow number_knob(std::string_view name, std::int64_t Knobs::* member, std::int64_t min, std::int64_t max,
                    std::string_view about) {
  return {name,
          "number",
          about,
          {},
          min,
          max,
          [=](Knobs& knobs, const Json& value) {
            return read_value(name, value, [&](Fields& fields) { fields.whole(name, knobs.*member, min, max); });
          },
          [=](const Knobs& knobs) { return OrderedJson(knobs.*member); },
          resets(member)};
}

template <class Enum>
KnobRow choice_knob(std::string_view name, Enum Knobs::* member, std::string_view about) {
  return {name,
          "choice",
          about,
          spellings<Enum>(),
          0,
          0,
          [=](Knobs& knobs, const Json& value) {
            return read_value(name, value, [&](Fields& fields) { fields.choice(name, knobs.*member); });
          },
          [=](const Knobs& knobs) { return OrderedJson(std::string(name_of(knobs.*member))); },
          resets(member)};
}

/// A call status, of which only some make sense here.
KnobRow status_knob(std::string_view name, CallStatus Knobs::* member, std::vector<CallStatus> allowed,
                    std::string_view about) {
  std::vector<std::string_view> words;
  for (const CallStatus status : allowed) words.push_back(name_of(status));
  return {name,
          "choice",
          about,
          words,
          0,
          0,
          [=](Knobs& knobs, const Json& value) {
            return read_value(name, value, [&](Fields& fields) {
              std::string word;
              fields.text(name, word);
              const std::optional<CallStatus> status = parse_name<CallStatus>(word);
              if (!status || std::ranges::find(allowed, *status) == allowed.end()) {
                fields.fail("`" + std::string(name) + "` of the knobs must be " + one_of(words));
                return;
              }
              knobs.*member = *status;
            });
          },
          [=](const Knobs& knobs) { return OrderedJson(std::string(name_of(knobs.*member))); },
          resets(member)};
}

KnobRow list_knob(std::string_view name, std::vector<std::string> Knobs::* member,
                  std::vector<std::string_view> choices, std::string_view about) {
  return {name,
          "list",
          about,
          choices,
          0,
          0,
          [=](Knobs& knobs, const Json& value) {
            return read_value(name, value, [&](Fields& fields) {
              std::vector<std::string> read;
              fields.texts(name, read, 50);
              for (const std::string& word : read) {
                if (!choices.empty() && std::ranges::find(choices, word) == choices.end()) {
                  fields.fail("`" + std::string(name) + "` of the knobs may hold " + one_of(choices) + ", not `" +
                              word.substr(0, 80) + "`");
                }
              }
              knobs.*member = std::move(read);
            });
          },
          [=](const Knobs& knobs) { return OrderedJson(knobs.*member); },
          resets(member)};
}

void read_between(Fields& fields, Between& between, Remaining& remaining) {
  fields.text("to", between.to, 64);
  fields.text("from", between.from, 64);
  std::int64_t next = 0;
  fields.whole("next", next, 1, count_max);
  if (fields.has("next")) remaining.next = next;
}

void show_between(OrderedJson& out, const Between& between, const Remaining& remaining) {
  if (!between.to.empty()) out["to"] = between.to;
  if (!between.from.empty()) out["from"] = between.from;
  if (remaining.next) out["next"] = *remaining.next;
}

Result<ApiFault> read_api_fault(const Json& json) {
  ApiFault fault;
  Fields fields(json, "an api fault");
  fields.choice("on", fault.on);
  fields.choice("do", fault.kind);
  read_between(fields, fault.between, fault.remaining);
  std::int64_t code = 0;
  std::int64_t http_status = 0;
  fields.whole("code", code, 1, 99'999);
  fields.whole("http_status", http_status, 200, 599);
  fields.whole("ms", fault.ms, 0, ms_max);
  fields.whole("retry_after_s", fault.retry_after_s, 0, 86'400);
  fault.code = static_cast<int>(code);
  fault.http_status = static_cast<int>(http_status);
  if (!fields.has("do")) fields.fail("an api fault needs `do`: " + one_of(spellings<ApiFaultKind>()));
  if (fault.kind == ApiFaultKind::refuse && code == 0) {
    fields.fail("an api fault that refuses needs `code`, Twilio's error code, as 21610");
  }
  if (Result<void> read = fields.finish(); !read) return std::unexpected(read.error());
  return fault;
}

OrderedJson show(const ApiFault& fault) {
  OrderedJson out = {{"on", name_of(fault.on)}, {"do", name_of(fault.kind)}};
  show_between(out, fault.between, fault.remaining);
  if (fault.code != 0) out["code"] = fault.code;
  if (fault.http_status != 0) out["http_status"] = fault.http_status;
  if (fault.ms != 0) out["ms"] = fault.ms;
  if (fault.retry_after_s != 0) out["retry_after_s"] = fault.retry_after_s;
  return out;
}

Result<WebhookFault> read_webhook_fault(const Json& json) {
  WebhookFault fault;
  Fields fields(json, "a webhook fault");
  fields.choice("on", fault.on);
  fields.choice("do", fault.kind);
  read_between(fields, fault.between, fault.remaining);
  fields.whole("times", fault.times, 2, 1'000);
  fields.choice("spacing", fault.spacing);
  fields.whole("ms", fault.ms, 0, ms_max);
  if (!fields.has("do")) fields.fail("a webhook fault needs `do`: " + one_of(spellings<WebhookFaultKind>()));
  if (fault.kind == WebhookFaultKind::reorder && fault.on != WebhookKind::text_status &&
      fault.on != WebhookKind::call_status && fault.on != WebhookKind::any) {
    fields.fail("only text_status and call_status webhooks come in a sequence that can be reordered");
  }
  if (Result<void> read = fields.finish(); !read) return std::unexpected(read.error());
  return fault;
}

OrderedJson show(const WebhookFault& fault) {
  OrderedJson out = {{"on", name_of(fault.on)}, {"do", name_of(fault.kind)}};
  show_between(out, fault.between, fault.remaining);
  if (fault.kind == WebhookFaultKind::duplicate) {
    out["times"] = fault.times;
    out["spacing"] = name_of(fault.spacing);
  }
  if (fault.ms != 0) out["ms"] = fault.ms;
  return out;
}

Result<TextFateRule> read_text_fate(const Json& json) {
  TextFateRule rule;
  Fields fields(json, "a text fate");
  read_between(fields, rule.between, rule.remaining);
  fields.choice("fate", rule.fate);
  std::int64_t code = rule.code;
  fields.whole("code", code, 1, 99'999);
  rule.code = static_cast<int>(code);
  if (Result<void> read = fields.finish(); !read) return std::unexpected(read.error());
  return rule;
}

OrderedJson show(const TextFateRule& rule) {
  OrderedJson out = {{"fate", name_of(rule.fate)}};
  show_between(out, rule.between, rule.remaining);
  if (rule.fate != TextFate::delivered) out["code"] = rule.code;
  return out;
}

Result<PracticeService> read_service(const Json& json) {
  constexpr std::size_t numbers_in_service_max = 2'000;
  PracticeService service;
  Fields fields(json, "a Messaging Service");
  fields.text("name", service.name, 64);
  fields.text("inbound_request_url", service.inbound_request_url);
  fields.flag("use_inbound_webhook_on_number", service.use_inbound_webhook_on_number);
  fields.texts("numbers", service.numbers, numbers_in_service_max);
  fields.text("campaign_status", service.campaign_status, 64);
  if (Result<void> read = fields.finish(); !read) return std::unexpected(read.error());
  return service;
}

OrderedJson show(const PracticeService& service) {
  return {{"name", service.name},
          {"inbound_request_url", service.inbound_request_url},
          {"use_inbound_webhook_on_number", service.use_inbound_webhook_on_number},
          {"numbers", service.numbers},
          {"campaign_status", service.campaign_status}};
}

template <class Rule>
KnobRow rules_knob(std::string_view name, std::vector<Rule> Knobs::* member, Result<Rule> (*read)(const Json&),
                   std::string_view about) {
  return {name,
          "rules",
          about,
          {},
          0,
          0,
          [=](Knobs& knobs, const Json& value) -> Result<void> {
            if (!value.is_array() || value.size() > rules_max) {
              return invalid("`" + std::string(name) + "` of the knobs must be a list of at most " +
                             std::to_string(rules_max) + " rules");
            }
            std::vector<Rule> rules;
            for (const Json& item : value) {
              Result<Rule> rule = read(item);
              if (!rule) return std::unexpected(rule.error());
              rules.push_back(std::move(*rule));
            }
            knobs.*member = std::move(rules);
            return {};
          },
          [=](const Knobs& knobs) {
            OrderedJson out = OrderedJson::array();
            for (const Rule& rule : knobs.*member) out.push_back(show(rule));
            return out;
          },
          resets(member)};
}

KnobRow text_knob(std::string_view name, std::string Knobs::* member, std::string_view about) {
  return {name,
          "text",
          about,
          {},
          0,
          0,
          [=](Knobs& knobs, const Json& value) {
            return read_value(name, value, [&](Fields& fields) { fields.text(name, knobs.*member); });
          },
          [=](const Knobs& knobs) { return OrderedJson(knobs.*member); },
          resets(member)};
}

KnobRow extra_parameters_knob() {
  constexpr std::string_view name = "extra_parameters";
  return {name,
          "table",
          "Parameters added to every webhook (Twilio adds new ones without notice).",
          {},
          0,
          0,
          [](Knobs& knobs, const Json& value) -> Result<void> {
            Parameters read;
            const bool fits =
                value.is_object() && value.size() <= 50 && std::ranges::all_of(value, [](const Json& item) {
                  return item.is_string() && item.get_ref<const std::string&>().size() <= 2'000;
                });
            if (!fits) return invalid("`extra_parameters` of the knobs must be an object of at most 50 strings");
            for (const auto& [key, text] : value.items()) read.emplace_back(key, text.get<std::string>());
            knobs.extra_parameters = std::move(read);
            return {};
          },
          [](const Knobs& knobs) {
            OrderedJson out = OrderedJson::object();
            for (const auto& [key, text] : knobs.extra_parameters) out[key] = text;
            return out;
          },
          resets(&Knobs::extra_parameters)};
}

std::vector<KnobRow> fault_rows() {
  return {
      rules_knob(
          "api_faults", &Knobs::api_faults, read_api_fault,
          "What goes wrong when the service calls the carrier. The first rule that matches holds. Each: do; "
          "optional on, to, from, next (how many requests), code, http_status, ms, retry_after_s."),
      rules_knob(
          "webhook_faults", &Knobs::webhook_faults, read_webhook_fault,
          "What goes wrong when the carrier calls the service. Each: do; optional on, to, from, next, times "
          "and spacing (duplicate), ms (delay)."),
      rules_knob(
          "text_fates", &Knobs::text_fates, read_text_fate,
          "What becomes of accepted texts. The first rule that matches holds. Each: optional fate, code, to, "
          "from, next."),
      flag_knob("fast", &Knobs::fast,
                "Accept every valid text, call nobody back, keep nothing but counts. For measuring."),
      number_knob("alert_status", &Knobs::alert_status, 200, 599,
                  "What the alert inbox answers; not 2xx refuses."),
      number_knob("alert_delay_ms", &Knobs::alert_delay_ms, 0, ms_max,
                  "How long the alert inbox takes to answer."),
      list_knob("omit_parameters", &Knobs::omit_parameters, {},
                "Parameters left out of every webhook (any may be missing)."),
      extra_parameters_knob(),
  };
}

std::vector<KnobRow> disputed_rows() {
  using enum CallStatus;
  return {
      status_knob("caller_hangs_up_status", &Knobs::caller_hangs_up_status, {completed, no_answer, canceled},
                  "Final status when the caller hangs up while it rings (sources disagree)."),
      choice_knob("caller_hangs_up_dial_result", &Knobs::caller_hangs_up_dial_result,
                  "DialCallStatus when the caller hangs up while a dialled phone rings, or the action URL is not "
                  "called at all (sources disagree)."),
      status_knob("answer_on_bridge_unanswered", &Knobs::answer_on_bridge_unanswered, {no_answer, completed},
                  "Final status when a Dial with answerOnBridge is not answered (sources disagree)."),
      status_knob("voice_unreachable_status", &Knobs::voice_unreachable_status, {failed, completed},
                  "Final status when the voice webhook and its fallback both fail (sources disagree)."),
      status_knob(
          "screened_out_dial_result", &Knobs::screened_out_dial_result, {no_answer, completed},
          "DialCallStatus when the person dialled answers but does not accept the call (sources disagree)."),
      choice_knob("forwarding_shows", &Knobs::forwarding_shows,
                  "Whom a forwarded call shows as From (networks differ)."),
      choice_knob("queued_text_date_sent", &Knobs::queued_text_date_sent,
                  "Whether a queued text has a date_sent; without one a DateSent filter misses it (sources "
                  "disagree)."),
      choice_knob("page_uris", &Knobs::page_uris,
                  "Whether next_page_uri and its like are relative, as Twilio sends them, or absolute, as its "
                  "OpenAPI file has them."),
      choice_knob("sequence_numbers", &Knobs::sequence_numbers,
                  "SequenceNumber of status callbacks: counted, or 0 on all, final ones too."),
  };
}

std::vector<KnobRow> conduct_rows() {
  return {
      text_knob("service_url", &Knobs::service_url, "Base URL of the service that webhooks go to."),
      list_knob("text_progress", &Knobs::text_progress,
                {"queued", "sending", "sent", "delivered", "undelivered", "failed", "read", "canceled"},
                "Statuses sent to a text's StatusCallback, in order; a text fate replaces the last one."),
      number_knob("text_progress_ms", &Knobs::text_progress_ms, 0, ms_max, "Time between two text statuses."),
      choice_knob("opt_out_words", &Knobs::opt_out_words,
                  "Whether STOP from a phone makes the carrier refuse texts to it with 21610."),
      flag_knob("advanced_opt_out", &Knobs::advanced_opt_out,
                "Advanced Opt-Out: inbound opt-out words carry OptOutType."),
      choice_knob("account_status", &Knobs::account_status, "What the account is told to be."),
      choice_knob("account_type", &Knobs::account_type, "Whether it is a trial account."),
      text_knob("balance", &Knobs::balance, "What is left of the account's money, in USD."),
      rules_knob("messaging_services", &Knobs::messaging_services, read_service,
                 "Messaging Services. Each: optional name, inbound_request_url (none: texts that come in are "
                 "dropped), use_inbound_webhook_on_number, numbers, campaign_status."),
      number_knob("list_lag_ms", &Knobs::list_lag_ms, 0, ms_max, "How much lists lag behind."),
      number_knob("second_ms", &Knobs::second_ms, 0, 1'000,
                  "How long a second of a call takes here: 0 plays calls at once, 1000 in real time."),
      number_knob("webhook_timeout_ms", &Knobs::webhook_timeout_ms, 10, 60'000,
                  "A webhook's whole time, retries included."),
      number_knob("webhook_connect_timeout_ms", &Knobs::webhook_connect_timeout_ms, 10, 10'000,
                  "A webhook's time to connect."),
      number_knob("webhook_connect_retries", &Knobs::webhook_connect_retries, 0, 5,
                  "Repeats of a webhook whose connection failed."),
      number_knob("receipts_kept", &Knobs::receipts_kept, 0, 2'000'000,
                  "How many receipts (recipient and microsecond) of accepted texts to keep, 16 bytes each; "
                  "setting it empties them."),
  };
}

const std::vector<KnobRow>& rows() {
  static const std::vector<KnobRow> all = [] {
    std::vector<KnobRow> joined;
    const auto add = [&](std::string_view group, std::vector<KnobRow> some) {
      for (KnobRow& row : some) {
        row.group = group;
        joined.push_back(std::move(row));
      }
    };
    add("faults", fault_rows());
    add("disputed", disputed_rows());
    add("conduct", conduct_rows());
    return joined;
  }();
  return all;
}

bool matches(const Between& between, std::string_view to, std::string_view from) {
  return (between.to.empty() || between.to == to) && (between.from.empty() || between.from == from);
}

/// Counts a use of the rule; true when it is spent.
bool use(Remaining& remaining) {
  return remaining.next && --*remaining.next == 0;
}

}  // namespace

Result<void> apply_knobs(Knobs& knobs, const Knobs& defaults, const nlohmann::json& changes) {
  if (!changes.is_object()) return invalid("knobs are set by a JSON object, as {\"fast\": true}");
  Knobs changed = knobs;
  for (const auto& [name, value] : changes.items()) {
    const auto row = std::ranges::find(rows(), std::string_view{name}, &KnobRow::name);
    if (row == rows().end()) {
      std::vector<std::string_view> names;
      for (const KnobRow& known : rows()) names.push_back(known.name);
      return invalid("there is no knob `" + name.substr(0, 80) + "`; known: " + one_of(names));
    }
    if (value.is_null()) {
      row->reset(changed, defaults);
    } else if (Result<void> set = row->set(changed, value); !set) {
      return set;
    }
  }
  knobs = std::move(changed);
  return {};
}

nlohmann::ordered_json knobs_as_json(const Knobs& knobs) {
  OrderedJson out = OrderedJson::object();
  for (const KnobRow& row : rows()) out[std::string(row.name)] = row.get(knobs);
  return out;
}

nlohmann::ordered_json knobs_described() {
  OrderedJson out = OrderedJson::array();
  const Knobs defaults;
  for (const KnobRow& row : rows()) {
    OrderedJson described = {{"name", row.name}, {"group", row.group}, {"kind", row.kind}, {"about", row.about}};
    if (!row.choices.empty()) described["choices"] = row.choices;
    if (row.kind == "number") {
      described["min"] = row.min;
      described["max"] = row.max;
    }
    described["default"] = row.get(defaults);
    out.push_back(std::move(described));
  }
  return out;
}

std::optional<ApiFault> take_fault(Knobs& knobs, ApiCall call, std::string_view to, std::string_view from) {
  for (auto it = knobs.api_faults.begin(); it != knobs.api_faults.end(); ++it) {
    if ((it->on != ApiCall::any && it->on != call) || !matches(it->between, to, from)) continue;
    ApiFault fault = *it;
    if (use(it->remaining)) knobs.api_faults.erase(it);
    return fault;
  }
  return std::nullopt;
}

std::vector<WebhookFault> take_faults(Knobs& knobs, WebhookKind kind, std::string_view to, std::string_view from) {
  std::vector<WebhookFault> taken;
  for (auto it = knobs.webhook_faults.begin(); it != knobs.webhook_faults.end();) {
    const bool applies = it->kind != WebhookFaultKind::reorder && (it->on == WebhookKind::any || it->on == kind) &&
                         matches(it->between, to, from);
    if (applies) taken.push_back(*it);
    it = applies && use(it->remaining) ? knobs.webhook_faults.erase(it) : it + 1;
  }
  return taken;
}

bool take_reorder(Knobs& knobs, WebhookKind kind, std::string_view to, std::string_view from) {
  for (auto it = knobs.webhook_faults.begin(); it != knobs.webhook_faults.end(); ++it) {
    if (it->kind != WebhookFaultKind::reorder) continue;
    if ((it->on != WebhookKind::any && it->on != kind) || !matches(it->between, to, from)) continue;
    if (use(it->remaining)) knobs.webhook_faults.erase(it);
    return true;
  }
  return false;
}

std::optional<TextFateRule> take_fate(Knobs& knobs, std::string_view to, std::string_view from) {
  for (auto it = knobs.text_fates.begin(); it != knobs.text_fates.end(); ++it) {
    if (!matches(it->between, to, from)) continue;
    TextFateRule rule = *it;
    if (use(it->remaining)) knobs.text_fates.erase(it);
    return rule;
  }
  return std::nullopt;
}

}  // namespace jobrun::simulator
