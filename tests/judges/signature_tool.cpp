// The service's signature code behind standard input and output, so that a judge in another language can ask
// it. One JSON object a line in, one a line out, in order:
//
//   {"do": "sign", "token": T, "url": U, "parameters": [[NAME, VALUE], ...]}        -> {"signature": S}
//   {"do": "add_body_hash", "url": U, "body": B}                                    -> {"url": U}
//   {"do": "check_form", "public_url": P, "tokens": [T], "target": PATH_AND_QUERY,
//    "body": FORM, "signature": S}                                                  -> {"accepted": true}
//   {"do": "check_get" | "check_body", ...}                                         -> {"accepted": true}
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gate/form.hpp"
#include "gate/signature.hpp"

namespace {

using nlohmann::json;

json check(const json& request) {
  jobrun::gate::SignatureCheck check(request.at("public_url").get<std::string>(),
                                     request.at("tokens").get<std::vector<std::string>>());
  const auto target = request.at("target").get<std::string>();
  const auto signature = request.at("signature").get<std::string>();
  const auto body = request.value("body", std::string());
  const auto what = request.at("do").get<std::string>();
  if (what == "check_get") return {{"accepted", check.accepts_get(target, signature)}};
  if (what == "check_body") return {{"accepted", check.accepts_body(target, body, signature)}};
  const jobrun::Result<jobrun::gate::Form> form = jobrun::gate::Form::parse(body);
  if (!form) return {{"accepted", false}, {"problem", form.error().message}};
  return {{"accepted", check.accepts_form(target, *form, signature)}};
}

json answer(const json& request) {
  const auto what = request.at("do").get<std::string>();
  if (what == "sign") {
    const auto parameters = request.at("parameters").get<jobrun::gate::Parameters>();
    return {{"signature", jobrun::gate::sign_form(request.at("token").get<std::string>(),
                                                  request.at("url").get<std::string>(), parameters)}};
  }
  if (what == "add_body_hash") {
    return {{"url", jobrun::gate::with_body_hash(request.at("url").get<std::string>(),
                                                 request.at("body").get<std::string>())}};
  }
  return check(request);
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) std::cout << answer(json::parse(line)).dump() << "\n";
  return 0;
}
