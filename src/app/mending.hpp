// `jobrun doctor --fix`: carries out a plan at the carrier, request by request, and says what became of each.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/ports/carrier_account.hpp"
#include "carrier_desk.hpp"
#include "doctor/mending.hpp"

namespace jobrun::app {

/// One change, and what became of it.
struct Deed {
  doctor::NumberChange change;
  WebhooksAnswer answer;
  /// After an answer that does not say: whether the number was found to have it. Empty: that is not known either.
  std::optional<bool> is_found{};
};

/// Makes each request once, in order; one that fails does not stop the others. Then, where an answer does not say
/// what became of its request, the numbers are listed and it is looked for. `told` hears of each as soon as it is
/// known, and again once one was looked for.
std::vector<Deed> carry_out(const doctor::Plan& plan, CarrierDesk& desk, const Clock& clock,
                            const std::function<void(const Deed&)>& told);

/// For a person, with a line for each field and each number that is left alone.
std::string render_plan(const doctor::Plan& plan);
std::string render_deed(const Deed& deed);
nlohmann::json plan_as_json(const doctor::Plan& plan);
nlohmann::json deed_as_json(const Deed& deed);

}  // namespace jobrun::app
