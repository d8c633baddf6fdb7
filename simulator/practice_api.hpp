// The practice carrier's own endpoints: place calls and texts, turn knobs, look at handsets, receive alerts.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/ports/clock.hpp"
#include "call_desk.hpp"
#include "gate/form.hpp"
#include "net/http_server.hpp"
#include "practice.hpp"
#include "timers.hpp"

namespace jobrun::simulator {

inline constexpr std::int64_t calls_per_order_max = 10'000;

class PracticeApi {
 public:
  struct Hooks {
    std::function<void()> let_go;           ///< resets connections kept waiting
    std::function<void(Duration)> go_away;  ///< stops listening for that long
  };

  PracticeApi(Guarded<Practice>& practice, Timers& timers, CallDesk& desk, const Clock& clock, Hooks hooks);

  static bool is_for(std::string_view path);
  /// Any thread; never blocks.
  void handle(net::HttpRequest&& request, const net::Respond& respond);

 private:
  using Answer = net::HttpResponse;

  void handle_post(std::string_view path, net::HttpRequest&& request, const net::Respond& respond);
  void handle_get(std::string_view path, const net::HttpRequest& request, const net::Respond& respond);
  Answer knobs();
  Answer set_knobs(const nlohmann::json& body);
  void place_calls(const nlohmann::json& body, const net::Respond& respond);
  void place_text(const nlohmann::json& body, const net::Respond& respond);
  void take_alert(net::HttpRequest&& request, const net::Respond& respond);
  Answer go_away(const nlohmann::json& body);
  Answer reset();
  Answer health();
  Answer media(std::string_view sid);
  Answer calls(const gate::Form& query);
  Answer texts(const gate::Form& query);
  Answer handset(const gate::Form& query);
  Answer requests(const gate::Form& query);
  Answer alerts(const gate::Form& query);
  Answer numbers();
  Answer receipts();
  nlohmann::ordered_json calls_by_sid(const std::vector<std::string>& sids);

  Guarded<Practice>& practice_;
  Timers& timers_;
  CallDesk& desk_;
  const Clock& clock_;
  const Hooks hooks_;
};

/// The page at `/`, complete in itself. Defined by the build from page.html.
extern const std::string_view page_html;

}  // namespace jobrun::simulator
