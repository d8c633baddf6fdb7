// Twilio's REST API as far as JobRun uses it: the account and its Messages, Calls, IncomingPhoneNumbers
// and Messaging Services.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ports/clock.hpp"
#include "gate/form.hpp"
#include "net/http_server.hpp"
#include "practice.hpp"
#include "text_delivery.hpp"
#include "timers.hpp"

namespace jobrun::simulator {

/// Requests that a fault keeps waiting; when one more would be, the oldest connection is reset.
inline constexpr std::size_t hung_max = 2'000;

class RestApi {
 public:
  RestApi(Guarded<Practice>& practice, Timers& timers, TextDelivery& delivery, const Clock& clock,
          std::string account_sid, std::string_view auth_token);

  /// Whether the target is the API's.
  static bool is_for(std::string_view path);
  /// Any thread; never blocks. Answers at once, or as a fault says.
  void handle(net::HttpRequest&& request, const net::Respond& respond);
  /// Resets the connections that a fault keeps waiting.
  void let_go();

 private:
  struct Route {
    ApiCall call = ApiCall::any;
    std::string_view sid;  ///< of one resource; empty: the list. Of Messaging Services, the path
  };
  using Answer = net::HttpResponse;
  /// The answer to a text, and the text if it is now to be set on its way.
  struct AcceptedText {
    Answer answer;
    std::optional<TextRecord> text{};
  };

  std::string media_of(std::string_view path) const;
  std::optional<Route> route_of(std::string_view path) const;
  Answer run(const Route& route, const net::HttpRequest& request, const gate::Form& form);
  Answer send_text(const gate::Form& form);
  AcceptedText accept_text(const gate::Form& form);
  std::optional<Answer> refusal_of_text(const gate::Form& form) const;
  Answer list_texts(const net::HttpRequest& request, const gate::Form& query);
  Answer fetch_text(std::string_view sid);
  Answer list_calls(const net::HttpRequest& request, const gate::Form& query);
  Answer fetch_call(std::string_view sid);
  Answer list_numbers(const net::HttpRequest& request, const gate::Form& query);
  Answer account();
  Answer balance();
  Answer messaging(const net::HttpRequest& request, std::string_view path, const gate::Form& query);
  Answer fetch_number(std::string_view sid);
  Answer update_number(std::string_view sid, const gate::Form& form);
  void answer_with_fault(const ApiFault& fault, const Route& route, net::HttpRequest&& request,
                         const gate::Form& form, const net::Respond& respond);
  void answer(net::HttpRequest&& request, Answer answer, const net::Respond& respond);
  void answer_after_statuses(net::HttpRequest&& request, const gate::Form& form, const net::Respond& respond);
  void hang(net::HttpRequest&& request, const net::Respond& respond);
  void record(net::HttpRequest&& request, int answered);

  Guarded<Practice>& practice_;
  Timers& timers_;
  TextDelivery& delivery_;
  const Clock& clock_;
  const std::string account_sid_;
  const std::string authorization_;  ///< the header that the right credentials make
  const std::string prefix_;
  std::mutex hung_mutex_;
  std::deque<net::Respond> hung_;
};

}  // namespace jobrun::simulator
