#include "http_api.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <exception>
#include <span>
#include <utility>

#include "gate/form.hpp"
#include "setting_values.hpp"

namespace jobrun::app {
namespace {

using nlohmann::json;

constexpr std::string_view prefix = "/api/v1/";
constexpr std::string_view close_path = "incidents/";
constexpr std::string_view close_end = "/close";

std::string digest_of(std::string_view text) {
  std::string digest(32, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
             nullptr);
  return digest;
}

net::HttpResponse json_response(int status, std::string body) {
  return {.status = status,
          .content_type = "application/json",
          .body = std::move(body),
          .headers = {{"Cache-Control", "no-store"}}};
}

int status_of(std::string_view error_code) {
  if (error_code == "invalid") return 400;
  if (error_code == "not_found") return 404;
  if (error_code == "conflict") return 409;
  if (error_code == "unavailable") return 503;
  return 500;
}

/// A parameter of a query and what it becomes in a request to Operations.
struct Parameter {
  std::string_view name;
  std::string_view field;
  bool is_flag = false;
  bool is_opposite = false;  ///< of the flag
  bool is_text = false;
};
constexpr std::array incident_parameters = {Parameter{"all", "open_only", true, true},
                                            Parameter{"limit", "limit"}};
constexpr std::array failsafe_parameters = {Parameter{"since", "since", false, false, true},
                                            Parameter{"limit", "limit"}};

constexpr std::array call_parameters = {Parameter{"open", "open_only", true}, Parameter{"limit", "limit"},
                                        Parameter{"before", "before"}};

/// What is asked for a path, and which part of the answer is told.
struct Resource {
  std::string_view path;
  std::string_view operation;
  std::string_view part;
  std::span<const Parameter> parameters;
  bool is_open_only = false;
};
constexpr std::array resources = {Resource{"incidents", "incidents.list", "incidents", incident_parameters, true},
                                  Resource{"calls", "calls.list", "calls", call_parameters},
                                  Resource{"failsafe", "failsafe.report", "numbers", failsafe_parameters}};

/// Takes each parameter over; Operations checks its bounds.
Result<void> take_query(std::string_view target, std::span<const Parameter> parameters, json& request) {
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return {};
  const Result<gate::Form> query = gate::Form::parse(std::string(target.substr(mark + 1)));
  if (!query) return invalid("the query cannot be read: " + query.error().message);
  for (std::size_t at = 0; at < query->size(); ++at) {
    const auto [name, value] = (*query)[at];
    const auto known = std::ranges::find(parameters, name, &Parameter::name);
    if (known == parameters.end()) return invalid("the query has a parameter that is not known: see openapi.json");
    if (known->is_flag) {
      if (value != "true" && value != "false") return invalid(std::string(name) + " must be true or false");
      request[std::string(known->field)] = (value == "true") != known->is_opposite;
      continue;
    }
    if (known->is_text) {
      request[std::string(known->field)] = std::string(value);
      continue;
    }
    const Result<std::int64_t> number = parse_whole_number(value, 0, INT64_MAX);
    if (!number) return invalid(std::string(name) + " " + number.error().message);
    request[std::string(known->field)] = *number;
  }
  return {};
}

net::HttpResponse wrong_method(std::string_view allowed) {
  net::HttpResponse response = net::json_error(405, "wrong_method", "This path takes another method: see Allow.");
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace

HttpApi::HttpApi(std::string token, Ports ports)
    : token_digest_(token.empty() ? std::string() : digest_of(token)),
      ports_(std::move(ports)),
      counted_at_(ports_.clock.monotonic()) {
  if (token_digest_.empty()) {
    ports_.log.write(
        {LogLevel::info,
         "the API is off: /api/v1/ answers 404 until JOBRUN_ADMIN_TOKEN is set, to at least 16 characters",
         "",
         {}});
    return;
  }
  thread_ = std::thread([this] { work(); });
}

HttpApi::~HttpApi() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (const Waiting& waiting : waiting_) {
    waiting.respond(net::json_error(503, "unavailable", "The service is stopping."));
  }
}

bool HttpApi::is_for(std::string_view path) {
  return path.starts_with(prefix);
}

void HttpApi::handle(net::HttpRequest&& request, net::Respond respond) {
  if (token_digest_.empty()) return respond(net::json_error(404, "not_found", "There is nothing at this path."));
  if (std::optional<net::HttpResponse> refusal = refusal_of(request)) return respond(std::move(*refusal));
  route(request, respond);
}

std::optional<net::HttpResponse> HttpApi::refusal_of(const net::HttpRequest& request) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view given = request.header("Authorization");
  if (!given.starts_with(scheme)) {
    net::HttpResponse response = refuse(
        401, "missing_token", "Send the admin token: Authorization: Bearer, a space, and the token.", request);
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }
  if (!may_compare()) {
    net::HttpResponse response = refuse(429, "too_many_wrong_tokens",
                                        "Too many wrong tokens came: none is looked at for a while.", request);
    response.headers.emplace_back("Retry-After", std::to_string(wrong_token_every.count()));
    return response;
  }
  // Digests, so that neither content nor length can be told from the time that it takes.
  const std::string digest = digest_of(given.substr(scheme.size()));
  if (CRYPTO_memcmp(digest.data(), token_digest_.data(), digest.size()) == 0) return std::nullopt;
  wrong_tokens_left_ -= 1;
  return refuse(401, "wrong_token", "This is not the admin token.", request);
}

net::HttpResponse HttpApi::refuse(int status, std::string_view reason, std::string_view message,
                                  const net::HttpRequest& request) {
  ports_.meter.count(Metric::api_refusals, reason);
  LogLine line{LogLevel::warning,
               "API request refused",
               "",
               {{"reason", std::string(reason)}, {"status", std::to_string(status)}}};
  if (ports_.traces != nullptr) {
    line.fields.push_back({"trace_id", ports_.traces->of_request(request.header("traceparent")).id});
  }
  ports_.log.write(line);
  return net::json_error(status, reason, message);
}

bool HttpApi::may_compare() {
  const std::chrono::nanoseconds now = ports_.clock.monotonic();
  const std::chrono::duration<double> passed = now - std::exchange(counted_at_, now);
  wrong_tokens_left_ = std::min<double>(
      wrong_tokens_max, wrong_tokens_left_ + passed.count() / static_cast<double>(wrong_token_every.count()));
  return wrong_tokens_left_ >= 1;
}

void HttpApi::route(const net::HttpRequest& request, const net::Respond& respond) {
  const std::string_view path = request.path().substr(prefix.size());
  if (path.starts_with(close_path) && path.ends_with(close_end) &&
      path.size() > close_path.size() + close_end.size()) {
    if (request.method != "POST") return respond(wrong_method("POST"));
    return close_incident(
        request, path.substr(close_path.size(), path.size() - close_path.size() - close_end.size()), respond);
  }
  const auto resource = std::ranges::find(resources, path, &Resource::path);
  if (resource == resources.end() && path != "openapi.json")
    return respond(net::json_error(404, "not_found", "There is nothing at this path: see openapi.json."));
  if (request.method != "GET") return respond(wrong_method("GET"));
  if (path == "openapi.json") return respond(json_response(200, api_description().dump(2)));
  json question = {{"op", resource->operation}};
  if (resource->is_open_only) question["open_only"] = true;
  if (const Result<void> taken = take_query(request.target, resource->parameters, question); !taken) {
    return respond(net::json_error(400, "invalid", taken.error().message));
  }
  enqueue({std::move(question), std::string(resource->part), respond});
}

void HttpApi::close_incident(const net::HttpRequest& request, std::string_view id, const net::Respond& respond) {
  const Result<std::int64_t> number = parse_whole_number(id, 1, INT64_MAX);
  if (!number) return respond(net::json_error(404, "not_found", "An incident's id is a number: see incidents."));
  json question = json::parse(request.body, nullptr, false);
  if (!question.is_object() || question.contains("op") || question.contains("id")) {
    return respond(
        net::json_error(400, "invalid", R"(Send the reason as JSON: {"reason": "called back by hand"}.)"));
  }
  question["op"] = "incidents.close";
  question["id"] = *number;
  enqueue({std::move(question), "", respond});
}

void HttpApi::enqueue(Waiting waiting) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < api_requests_waiting_max) {
      waiting_.push_back(std::move(waiting));
      changed_.notify_all();
      return;
    }
  }
  waiting.respond(net::json_error(503, "unavailable", "Too many requests wait: try again."));
}

json HttpApi::answer_to(const json& request) {
  try {
    return ports_.ask(request);
  } catch (const std::exception& broken) {
    ports_.log.write({LogLevel::error, "an API request could not be answered", "", {{"error", broken.what()}}});
    return {{"error", {{"code", "internal"}, {"message", "This is a fault of the service: see its log."}}}};
  }
}

void HttpApi::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const json answer = answer_to(next.request);
    const bool is_error = answer.contains("error");
    const json& shown = is_error            ? answer
                        : next.part.empty() ? answer.at("result")
                                            : answer.at("result").at(next.part);
    next.respond(json_response(is_error ? status_of(answer.at("error").value("code", "")) : 200,
                               shown.dump(2, ' ', false, json::error_handler_t::replace) + "\n"));
    lock.lock();
  }
}

}  // namespace jobrun::app
