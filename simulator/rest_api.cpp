#include "rest_api.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "base/phone_number.hpp"
#include "base/text_encoding.hpp"
#include "base/utf8.hpp"
#include "messaging_api.hpp"
#include "parameters.hpp"
#include "twilio_json.hpp"

namespace jobrun::simulator {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t page_size_usual = 50;
constexpr std::size_t page_size_max = 1'000;

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = (group << 8) | (j < left ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) out += j <= left ? alphabet[(group >> (18 - 6 * j)) & 63] : '=';
  }
  return out;
}

std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

std::size_t characters_in(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) take_code_point(text);
  return count;
}

/// One of the filters that lists of texts and calls have on a moment: `Name`, `Name<` and `Name>`. A day
/// means all of it; `<` and `>` include their bound.
class MomentFilter {
 public:
  MomentFilter(const gate::Form& query, std::string_view name) {
    read(query, name, "", on_);
    read(query, name, "<", until_);
    read(query, name, ">", from_);
  }

  bool is_valid() const { return is_valid_; }
  bool is_set() const { return on_ || until_ || from_; }

  bool admits(Instant at) const {
    if (on_ && on_->is_day && utc_day(at) != utc_day(on_->at)) return false;
    if (on_ && !on_->is_day && std::chrono::floor<std::chrono::seconds>(at) != on_->at) return false;
    if (until_ && until_->is_day && utc_day(at) > utc_day(until_->at)) return false;
    if (until_ && !until_->is_day && std::chrono::floor<std::chrono::seconds>(at) > until_->at) return false;
    return !from_ || at >= from_->at;
  }

 private:
  void read(const gate::Form& query, std::string_view name, std::string_view comparison,
            std::optional<MomentOrDay>& into) {
    const std::optional<std::string_view> value = query.find(std::string(name) + std::string(comparison));
    if (!value || value->empty()) return;
    into = parse_moment(*value);
    if (!into) is_valid_ = false;
  }

  std::optional<MomentOrDay> on_;
  std::optional<MomentOrDay> until_;
  std::optional<MomentOrDay> from_;
  bool is_valid_ = true;
};

/// Where in a list a page begins, and how Twilio describes it. Pages are anchored to the last item of the
/// page before, so that new items do not shift them.
struct Page {
  std::size_t size = page_size_usual;
  std::size_t number = 0;
  std::string_view after_sid;

  static Page read(const gate::Form& query) {
    Page page;
    const auto whole = [&](std::string_view name, std::size_t fallback) {
      std::size_t value = fallback;
      if (const auto text = query.find(name)) std::from_chars(text->data(), text->data() + text->size(), value);
      return value;
    };
    page.size = std::clamp<std::size_t>(whole("PageSize", page_size_usual), 1, page_size_max);
    page.number = std::min<std::size_t>(whole("Page", 0), 1'000'000);
    const std::string_view token = query.find("PageToken").value_or("");
    if (token.starts_with("PA")) page.after_sid = token.substr(2);
    return page;
  }
};

/// The query without what only says which page it is.
std::string filters_of(const gate::Form& query) {
  std::string out;
  for (std::size_t i = 0; i < query.size(); ++i) {
    const auto [name, value] = query[i];
    if (name == "Page" || name == "PageToken" || name == "PageSize") continue;
    out += "&" + percent_encoded(name) + "=" + percent_encoded(value);
  }
  return out;
}

/// `,"end":9,"first_page_uri":...` and so on: what a list says besides its items.
std::string page_members(const Page& page, const gate::Form& query, std::string_view path, std::size_t count,
                         std::string_view last_sid, bool has_more) {
  const std::string filters = filters_of(query);
  const auto uri = [&](std::size_t number, std::string_view after_sid) {
    std::string out =
        std::string(path) + "?PageSize=" + std::to_string(page.size) + "&Page=" + std::to_string(number) + filters;
    if (!after_sid.empty()) out.append("&PageToken=PA").append(after_sid);
    return out;
  };
  OrderedJson members;
  const std::size_t start = page.number * page.size;
  members["end"] = count == 0 ? start : start + count - 1;
  members["first_page_uri"] = uri(0, {});
  members["next_page_uri"] = has_more ? OrderedJson(uri(page.number + 1, last_sid)) : OrderedJson(nullptr);
  members["page"] = page.number;
  members["page_size"] = page.size;
  members["previous_page_uri"] = page.number == 0 ? OrderedJson(nullptr) : OrderedJson(uri(page.number - 1, {}));
  members["start"] = start;
  members["uri"] = uri(page.number, page.after_sid);
  return members.dump();
}

/// Collects a page of `ring`, newest first: `admits` filters, `append` writes one item.
template <class T, class Admits, class Append>
net::HttpResponse page_of(const Ring<T>& ring, std::string_view name, std::string_view path,
                          const gate::Form& query, Admits admits, Append append) {
  const Page page = Page::read(query);
  const std::uint64_t before = ring.position(page.after_sid);
  std::size_t to_skip = page.after_sid.empty() ? page.number * page.size : 0;
  std::string items;
  std::string last_sid;
  std::size_t count = 0;
  bool has_more = false;
  if (page.after_sid.empty() || before > 0) {
    ring.newest_first([&](const T& item, std::uint64_t position) {
      if ((before > 0 && position >= before) || !admits(item)) return true;
      if (to_skip > 0) {
        --to_skip;
        return true;
      }
      if (count == page.size) {
        has_more = true;
        return false;
      }
      if (count++ > 0) items += ',';
      append(items, item);
      last_sid = item.sid;
      return true;
    });
  }
  const std::string members = page_members(page, query, path, count, last_sid, has_more);
  net::HttpResponse response;
  response.content_type = "application/json";
  response.body = "{\"" + std::string(name) + "\":[" + items + "]," + members.substr(1);
  return response;
}

/// Where a list is, as its page URIs say it.
std::string listed_at(const Practice& practice, const net::HttpRequest& request) {
  const bool is_absolute = practice.knobs.page_uris == PageUris::absolute;
  return (is_absolute ? "http://" + std::string(request.header("Host")) : std::string()) +
         std::string(request.path());
}

net::HttpResponse not_found(std::string_view what) {
  return error_response(20404, "The requested resource " + std::string(what.substr(0, 200)) + " was not found");
}

bool has_text(const gate::Form& form, std::string_view name) {
  return !form.find(name).value_or("").empty();
}

bool admits_text(const gate::Form& query, std::string_view name, std::string_view value) {
  const std::string_view wanted = query.find(name).value_or("");
  return wanted.empty() || wanted == value;
}

bool is_authorization(std::string_view header) {
  return std::ranges::equal(header, std::string_view{"authorization"}, [](char sent, char letter) {
    return (sent >= 'A' && sent <= 'Z' ? static_cast<char>(sent - 'A' + 'a') : sent) == letter;
  });
}

/// Empty or an http(s) URL whose host has no underscore, as Twilio requires.
bool is_webhook_url(std::string_view url) {
  if (url.empty()) return true;
  if (url.size() > 2'000) return false;
  if (!url.starts_with("http://") && !url.starts_with("https://")) return false;
  const std::string_view host = url.substr(url.find("://") + 3);
  const std::string_view name = host.substr(0, host.find_first_of("/:?#"));
  return !name.empty() && !name.contains('_') &&
         std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

RestApi::RestApi(Guarded<Practice>& practice, Timers& timers, TextDelivery& delivery, const Clock& clock,
                 std::string account_sid, std::string_view auth_token)
    : practice_(practice),
      timers_(timers),
      delivery_(delivery),
      clock_(clock),
      account_sid_(std::move(account_sid)),
      authorization_("Basic " + base64(account_sid_ + ":" + std::string(auth_token))),
      prefix_("/" + std::string(api_version) + "/Accounts/" + account_sid_ + "/") {}

bool RestApi::is_for(std::string_view path) {
  return path.starts_with("/2010-04-01/") || is_messaging_path(path);
}

/// The sid of `.../Messages/{sid}/Media/{sid}`; empty where it is no such path.
std::string RestApi::media_of(std::string_view path) const {
  constexpr std::string_view between = "/Media/";
  const std::size_t at = path.find(between);
  if (!path.starts_with(prefix_ + "Messages/") || at == std::string_view::npos || path.ends_with(".json"))
    return {};
  return std::string(path.substr(at + between.size()));
}

std::optional<RestApi::Route> RestApi::route_of(std::string_view path) const {
  if (is_messaging_path(path)) return Route{ApiCall::messaging, path};
  if (!path.ends_with(".json")) return std::nullopt;
  if (path.substr(0, path.size() - 5) == prefix_.substr(0, prefix_.size() - 1)) return Route{ApiCall::account, {}};
  if (!path.starts_with(prefix_)) return std::nullopt;
  path = path.substr(prefix_.size(), path.size() - prefix_.size() - 5);
  const std::size_t slash = path.find('/');
  const std::string_view resource = path.substr(0, slash);
  const std::string_view sid = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  if (slash != std::string_view::npos && (sid.empty() || sid.contains('/'))) return std::nullopt;
  if (resource == "Messages") return Route{sid.empty() ? ApiCall::list_texts : ApiCall::fetch_text, sid};
  if (resource == "Calls") return Route{sid.empty() ? ApiCall::list_calls : ApiCall::fetch_call, sid};
  if (resource == "Balance" && slash == std::string_view::npos) return Route{ApiCall::balance, {}};
  if (resource == "IncomingPhoneNumbers") return Route{ApiCall::numbers, sid};
  return std::nullopt;
}

void RestApi::handle(net::HttpRequest&& request, const net::Respond& respond) {
  const bool is_post = request.method == "POST";
  Result<gate::Form> form = gate::Form::parse(is_post ? request.body : std::string(query_of(request.target)));
  if (request.header("Authorization") != authorization_) {
    answer(std::move(request), error_response(20003), respond);
    return;
  }
  if (const std::string media = media_of(request.path()); !media.empty()) {
    Answer leads_on{.status = 307};
    leads_on.headers.emplace_back("Location", practice_.with([&](Practice& practice) {
      return practice.api_url;
    }) + "/practice/media/" + media);
    answer(std::move(request), std::move(leads_on), respond);
    return;
  }
  std::optional<Route> route = route_of(request.path());
  if (!route) {
    Answer refusal = not_found(request.path());
    answer(std::move(request), std::move(refusal), respond);
    return;
  }
  if (is_post && route->call == ApiCall::list_texts) route->call = ApiCall::send_text;
  if (!form) {
    answer(std::move(request), error_response(20001, form.error().message), respond);
    return;
  }
  const bool has_type = request.header("Content-Type").starts_with("application/x-www-form-urlencoded");
  if (is_post && !has_type) {
    answer(std::move(request), error_response(20001, "The body must be a form", 415), respond);
    return;
  }
  const std::optional<ApiFault> fault = practice_.with([&](Practice& practice) {
    ++practice.counts.requests;
    if (practice.knobs.api_faults.empty()) return std::optional<ApiFault>{};
    return take_fault(practice.knobs, route->call, form->find("To").value_or(""), form->find("From").value_or(""));
  });
  if (fault) {
    answer_with_fault(*fault, *route, std::move(request), *form, respond);
    return;
  }
  Answer answered = run(*route, request, *form);
  answer(std::move(request), std::move(answered), respond);
}

RestApi::Answer RestApi::run(const Route& route, const net::HttpRequest& request, const gate::Form& form) {
  const bool is_get = request.method == "GET";
  const bool is_post = request.method == "POST";
  switch (route.call) {
    case ApiCall::send_text:
      return send_text(form);
    case ApiCall::list_texts:
      return is_get ? list_texts(request, form) : error_response(20004);
    case ApiCall::fetch_text:
      return is_get ? fetch_text(route.sid) : error_response(20004);
    case ApiCall::list_calls:
      return is_get ? list_calls(request, form) : error_response(20004);
    case ApiCall::fetch_call:
      return is_get ? fetch_call(route.sid) : error_response(20004);
    case ApiCall::numbers:
      if (is_get) return route.sid.empty() ? list_numbers(request, form) : fetch_number(route.sid);
      return is_post && !route.sid.empty() ? update_number(route.sid, form) : error_response(20004);
    case ApiCall::account:
      return is_get ? account() : error_response(20004);
    case ApiCall::balance:
      return is_get ? balance() : error_response(20004);
    case ApiCall::messaging:
      return is_get ? messaging(request, route.sid, form) : error_response(20004);
    case ApiCall::any:
      break;
  }
  return not_found(request.path());
}

// ---- Texts ------------------------------------------------------------------------------------------------

std::optional<RestApi::Answer> RestApi::refusal_of_text(const gate::Form& form) const {
  const std::string_view to = form.find("To").value_or("");
  const std::string_view from = form.find("From").value_or("");
  const std::string_view body = form.find("Body").value_or("");
  if (to.empty()) return error_response(21604);
  if (from.empty() && !has_text(form, "MessagingServiceSid")) return error_response(21603);
  if (body.empty()) return error_response(21602);
  if (!E164::parse(to))
    return error_response(21211, "Invalid 'To' Phone Number: " + std::string(to.substr(0, 64)));
  if (!from.empty() && !E164::parse(from)) {
    return error_response(21212, "Invalid From Number (caller ID): " + std::string(from.substr(0, 64)));
  }
  if (to == from) return error_response(21266);
  if (body.size() > text_characters_max && characters_in(body) > text_characters_max) return error_response(21617);
  return std::nullopt;
}

RestApi::Answer RestApi::send_text(const gate::Form& form) {
  AcceptedText accepted = accept_text(form);
  if (accepted.text) delivery_.deliver(*accepted.text);
  return std::move(accepted.answer);
}

RestApi::AcceptedText RestApi::accept_text(const gate::Form& form) {
  const auto count_refusal = [&] { practice_.with([](Practice& practice) { ++practice.counts.texts_refused; }); };
  if (std::optional<Answer> refusal = refusal_of_text(form)) {
    count_refusal();
    return {std::move(*refusal)};
  }
  const Instant now = clock_.now();
  TextRecord text;
  text.direction = "outbound-api";
  text.from = form.find("From").value_or("");
  text.to = form.find("To").value_or("");
  text.body = form.find("Body").value_or("");
  text.messaging_service_sid = form.find("MessagingServiceSid").value_or("");
  text.status_callback = form.find("StatusCallback").value_or("");
  text.status = text.messaging_service_sid.empty() ? "queued" : "accepted";
  text.segments = measure_text(text.body).segments;
  text.created_at = text.updated_at = now;
  if (!is_webhook_url(text.status_callback)) {
    count_refusal();
    return {error_response(21609, "The StatusCallback URL is not a valid URL.")};
  }
  bool is_fast = false;
  const int refused = practice_.with([&](Practice& practice) {
    if (!practice.is_open && !text.from.empty() && !practice.numbers.contains(text.from)) return 21606;
    if (!practice.opt_outs.empty() && practice.opt_outs.contains({text.to, text.from})) return 21610;
    is_fast = practice.knobs.fast;
    if (practice.knobs.queued_text_date_sent == QueuedDateSent::present) text.sent_at = now;
    text.sid = practice.sids.next("SM");
    ++practice.counts.texts_accepted;
    if (practice.knobs.receipts_kept > 0) {
      const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
      practice.note_receipt(text.to, std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count());
    }
    if (!is_fast) {
      const std::size_t bytes = text.body.size() + text.status_callback.size() + 256;
      practice.texts.push(text, bytes);
    }
    return 0;
  });
  if (refused != 0) {
    count_refusal();
    return {error_response(refused)};
  }
  AcceptedText accepted;
  accepted.answer.status = 201;
  accepted.answer.content_type = "application/json";
  accepted.answer.body.reserve(1'024 + text.body.size());
  append_message(accepted.answer.body, text, account_sid_);
  if (!is_fast) accepted.text = std::move(text);
  return accepted;
}

RestApi::Answer RestApi::list_texts(const net::HttpRequest& request, const gate::Form& query) {
  const MomentFilter date_sent(query, "DateSent");
  if (!date_sent.is_valid()) return error_response(20001, "DateSent must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
  const Instant now = clock_.now();
  return practice_.with([&](Practice& practice) {
    const Duration lag{practice.knobs.list_lag_ms};
    return page_of(
        practice.texts, "messages", listed_at(practice, request), query,
        [&](const TextRecord& text) {
          if (!admits_text(query, "To", text.to) || !admits_text(query, "From", text.from)) return false;
          if (date_sent.is_set() && (!text.sent_at || !date_sent.admits(*text.sent_at))) return false;
          return text.created_at + lag <= now;
        },
        [&](std::string& out, const TextRecord& text) { append_message(out, text, account_sid_); });
  });
}

RestApi::Answer RestApi::fetch_text(std::string_view sid) {
  Answer found;
  found.content_type = "application/json";
  const bool is_known = practice_.with([&](Practice& practice) {
    const TextRecord* text = practice.texts.find(sid);
    if (text != nullptr) append_message(found.body, *text, account_sid_);
    return text != nullptr;
  });
  return is_known ? found : not_found(prefix_ + "Messages/" + std::string(sid) + ".json");
}

// ---- Calls ------------------------------------------------------------------------------------------------

RestApi::Answer RestApi::list_calls(const net::HttpRequest& request, const gate::Form& query) {
  const MomentFilter start_time(query, "StartTime");
  const MomentFilter end_time(query, "EndTime");
  if (!start_time.is_valid() || !end_time.is_valid()) {
    return error_response(20001, "StartTime and EndTime must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
  }
  const Instant now = clock_.now();
  return practice_.with([&](Practice& practice) {
    const Duration lag{practice.knobs.list_lag_ms};
    return page_of(
        practice.calls, "calls", listed_at(practice, request), query,
        [&](const CallRecord& call) {
          if (!admits_text(query, "To", call.to) || !admits_text(query, "From", call.from) ||
              !admits_text(query, "Status", name_of(call.status)) ||
              !admits_text(query, "ParentCallSid", call.parent_sid)) {
            return false;
          }
          if (start_time.is_set() && !start_time.admits(call.created_at)) return false;
          if (end_time.is_set() && (!call.ended_at || !end_time.admits(*call.ended_at))) return false;
          return call.created_at + lag <= now;
        },
        [&](std::string& out, const CallRecord& call) {
          const auto number = practice.numbers.find(call.to);
          const std::string_view number_sid =
              number == practice.numbers.end() ? std::string_view{} : std::string_view{number->second.sid};
          out += json_response(200, call_json(call, account_sid_, number_sid)).body;
        });
  });
}

RestApi::Answer RestApi::fetch_call(std::string_view sid) {
  std::optional<Answer> found = practice_.with([&](Practice& practice) -> std::optional<Answer> {
    const CallRecord* call = practice.calls.find(sid);
    if (call == nullptr) return std::nullopt;
    const auto number = practice.numbers.find(call->to);
    return json_response(200, call_json(*call, account_sid_,
                                        number == practice.numbers.end() ? std::string_view{}
                                                                         : std::string_view{number->second.sid}));
  });
  return found ? *found : not_found(prefix_ + "Calls/" + std::string(sid) + ".json");
}

// ---- Numbers ----------------------------------------------------------------------------------------------

RestApi::Answer RestApi::list_numbers(const net::HttpRequest& request, const gate::Form& query) {
  const Instant now = clock_.now();
  const std::string_view wanted = query.find("PhoneNumber").value_or("");
  return practice_.with([&](Practice& practice) {
    // Where every number is ours, asking for one finds it.
    if (E164::parse(wanted)) practice.number(wanted, now);
    const Page page = Page::read(query);
    std::string items;
    std::size_t count = 0;
    bool has_more = false;
    std::size_t to_skip = page.number * page.size;
    for (const auto& [text, number] : practice.numbers) {
      if ((!wanted.empty() && !text.contains(wanted)) ||
          !admits_text(query, "FriendlyName", number.friendly_name)) {
        continue;
      }
      if (to_skip > 0) {
        --to_skip;
        continue;
      }
      if (count == page.size) {
        has_more = true;
        break;
      }
      if (count++ > 0) items += ',';
      items += json_response(200, number_json(number, practice, account_sid_)).body;
    }
    const std::string members = page_members(page, query, listed_at(practice, request), count, {}, has_more);
    Answer listed;
    listed.content_type = "application/json";
    listed.body = "{\"incoming_phone_numbers\":[" + items + "]," + members.substr(1);
    return listed;
  });
}

RestApi::Answer RestApi::account() {
  return practice_.with([&](const Practice& practice) {
    return json_response(200, {{"sid", account_sid_},
                               {"friendly_name", "Practice"},
                               {"owner_account_sid", account_sid_},
                               {"status", name_of(practice.knobs.account_status)},
                               {"type", name_of(practice.knobs.account_type)},
                               {"uri", prefix_.substr(0, prefix_.size() - 1) + ".json"}});
  });
}

RestApi::Answer RestApi::balance() {
  return practice_.with([&](const Practice& practice) {
    return json_response(
        200, {{"account_sid", account_sid_}, {"balance", practice.knobs.balance}, {"currency", "USD"}});
  });
}

RestApi::Answer RestApi::messaging(const net::HttpRequest& request, std::string_view path,
                                   const gate::Form& query) {
  const std::string base_url = "http://" + std::string(request.header("Host"));
  const Instant now = clock_.now();
  return practice_.with([&](Practice& practice) {
    return messaging_list(practice, path, query, account_sid_, base_url, now);
  });
}

RestApi::Answer RestApi::fetch_number(std::string_view sid) {
  std::optional<Answer> found = practice_.with([&](Practice& practice) -> std::optional<Answer> {
    const NumberRecord* number = practice.number_by_sid(sid);
    if (number == nullptr) return std::nullopt;
    return json_response(200, number_json(*number, practice, account_sid_));
  });
  return found ? *found : not_found(prefix_ + "IncomingPhoneNumbers/" + std::string(sid) + ".json");
}

RestApi::Answer RestApi::update_number(std::string_view sid, const gate::Form& form) {
  constexpr std::array<std::string_view, 5> urls = {"VoiceUrl", "VoiceFallbackUrl", "StatusCallback", "SmsUrl",
                                                    "SmsFallbackUrl"};
  for (const std::string_view name : urls) {
    if (const auto url = form.find(name); url && !is_webhook_url(*url)) {
      return error_response(21402, std::string(name) + " is not a valid URL");
    }
  }
  constexpr std::array<std::string_view, 5> methods = {"VoiceMethod", "VoiceFallbackMethod",
                                                       "StatusCallbackMethod", "SmsMethod", "SmsFallbackMethod"};
  for (const std::string_view name : methods) {
    if (const auto method = form.find(name); method && *method != "GET" && *method != "POST") {
      return error_response(21403, std::string(name) + " must be GET or POST");
    }
  }
  const Instant now = clock_.now();
  std::optional<Answer> updated = practice_.with([&](Practice& practice) -> std::optional<Answer> {
    NumberRecord* number = practice.number_by_sid(sid);
    if (number == nullptr) return std::nullopt;
    const auto take = [&](std::string_view name, auto& into) {
      if (const auto value = form.find(name)) into = std::string(value->substr(0, 2'000));
    };
    take("VoiceUrl", number->voice_url);
    take("VoiceMethod", number->voice_method);
    take("VoiceFallbackUrl", number->voice_fallback_url);
    take("VoiceFallbackMethod", number->voice_fallback_method);
    take("StatusCallback", number->status_callback);
    take("StatusCallbackMethod", number->status_callback_method);
    take("SmsUrl", number->sms_url);
    take("SmsMethod", number->sms_method);
    take("SmsFallbackUrl", number->sms_fallback_url);
    take("SmsFallbackMethod", number->sms_fallback_method);
    take("SmsApplicationSid", number->sms_application_sid);
    take("VoiceApplicationSid", number->voice_application_sid);
    take("TrunkSid", number->trunk_sid);
    take("FriendlyName", number->friendly_name);
    number->updated_at = now;
    return json_response(200, number_json(*number, practice, account_sid_));
  });
  return updated ? *updated : not_found(prefix_ + "IncomingPhoneNumbers/" + std::string(sid) + ".json");
}

// ---- Faults and answers -----------------------------------------------------------------------------------

void RestApi::answer_with_fault(const ApiFault& fault, const Route& route, net::HttpRequest&& request,
                                const gate::Form& form, const net::Respond& respond) {
  const int failure_status = fault.http_status == 0 ? 500 : fault.http_status;
  const int failure_code = fault.code != 0 ? fault.code : failure_status == 503 ? 20503 : 20500;
  Answer answered;
  bool hangs = false;
  switch (fault.kind) {
    case ApiFaultKind::refuse:
      answered = error_response(fault.code, {}, fault.http_status);
      break;
    case ApiFaultKind::rate_limit:
      answered = error_response(fault.code == 0 ? 20429 : fault.code, {}, 429);
      if (fault.retry_after_s > 0)
        answered.headers.emplace_back("Retry-After", std::to_string(fault.retry_after_s));
      break;
    case ApiFaultKind::fail_before_accepting:
      answered = error_response(failure_code, {}, failure_status);
      break;
    case ApiFaultKind::fail_after_accepting:
      run(route, request, form);
      answered = error_response(failure_code, {}, failure_status);
      break;
    case ApiFaultKind::hang_before_accepting:
      hangs = true;
      break;
    case ApiFaultKind::hang_after_accepting:
      run(route, request, form);
      hangs = true;
      break;
    case ApiFaultKind::close_before_accepting:
      answered.resets_connection = true;
      break;
    case ApiFaultKind::close_after_accepting:
      run(route, request, form);
      answered.resets_connection = true;
      break;
    case ApiFaultKind::slow:
      answered = run(route, request, form);
      break;
    case ApiFaultKind::answer_after_statuses:
      if (route.call == ApiCall::send_text) return answer_after_statuses(std::move(request), form, respond);
      answered = run(route, request, form);
      break;
    case ApiFaultKind::answer_garbage:
      run(route, request, form);
      answered.status = fault.http_status == 0 ? 201 : fault.http_status;
      answered.content_type = "text/html";
      answered.body = "<html>upstream proxy";
      break;
  }
  if (hangs) {
    hang(std::move(request), respond);
  } else if (fault.ms > 0) {
    // std::function must be copyable; the request is only wanted for the record.
    auto kept = std::make_shared<net::HttpRequest>(std::move(request));
    timers_.after(Duration{fault.ms},
                  [this, kept, answered, respond] { answer(std::move(*kept), answered, respond); });
  } else {
    answer(std::move(request), std::move(answered), respond);
  }
}

void RestApi::answer_after_statuses(net::HttpRequest&& request, const gate::Form& form,
                                    const net::Respond& respond) {
  const AcceptedText accepted = accept_text(form);
  if (!accepted.text) return answer(std::move(request), accepted.answer, respond);
  auto kept = std::make_shared<net::HttpRequest>(std::move(request));
  delivery_.deliver(*accepted.text, [this, kept, answered = accepted.answer, respond] {
    answer(std::move(*kept), answered, respond);
  });
}

void RestApi::answer(net::HttpRequest&& request, Answer answer, const net::Respond& respond) {
  record(std::move(request), answer.resets_connection ? 0 : answer.status);
  respond(std::move(answer));
}

void RestApi::hang(net::HttpRequest&& request, const net::Respond& respond) {
  record(std::move(request), 0);
  std::optional<net::Respond> oldest;
  {
    const std::lock_guard lock(hung_mutex_);
    hung_.push_back(respond);
    if (hung_.size() > hung_max) {
      oldest = std::move(hung_.front());
      hung_.pop_front();
    }
  }
  if (oldest) (*oldest)({.resets_connection = true});
}

void RestApi::let_go() {
  std::deque<net::Respond> waiting;
  {
    const std::lock_guard lock(hung_mutex_);
    waiting.swap(hung_);
  }
  for (const net::Respond& respond : waiting) respond({.resets_connection = true});
}

void RestApi::record(net::HttpRequest&& request, int answered) {
  const Instant now = clock_.now();
  practice_.with([&](Practice& practice) {
    if (practice.knobs.fast) return;
    RequestRecord kept;
    kept.number = ++practice.requests_seen;
    kept.at = now;
    kept.method = std::move(request.method);
    kept.target = std::move(request.target);
    std::size_t bytes = kept.target.size() + request.body.size();
    for (auto& [name, value] : request.headers) {
      const bool is_secret = is_authorization(name);
      bytes += name.size() + value.size() + 64;
      kept.headers.emplace_back(std::move(name), is_secret ? "(not kept)" : std::move(value));
    }
    kept.body = std::move(request.body);
    kept.answered = answered;
    practice.requests.push(std::move(kept), bytes);
  });
}

}  // namespace jobrun::simulator
