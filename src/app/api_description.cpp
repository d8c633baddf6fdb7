#include "http_api.hpp"

namespace jobrun::app {
namespace {

using Json = nlohmann::ordered_json;

Json text(bool may_be_null = false) {
  Json schema = {{"type", "string"}};
  if (may_be_null) schema["nullable"] = true;
  return schema;
}

Json whole_number(bool may_be_null = false) {
  Json schema = {{"type", "integer"}, {"format", "int64"}};
  if (may_be_null) schema["nullable"] = true;
  return schema;
}

Json moment(bool may_be_null = false) {
  Json schema = text(may_be_null);
  schema["format"] = "date-time";
  return schema;
}

/// An object of which every member is always there.
Json object(const Json& members) {
  Json required = Json::array();
  for (const auto& [name, schema] : members.items()) required.push_back(name);
  return {{"type", "object"}, {"required", required}, {"properties", members}};
}

Json named(const std::string& schema) {
  return {{"$ref", "#/components/schemas/" + schema}};
}

Json list(const std::string& schema) {
  return {{"type", "array"}, {"items", named(schema)}};
}

Json schemas() {
  constexpr bool or_null = true;
  return {{"Incident", object({{"id", whole_number()},
                               {"kind", text()},
                               {"is_open", {{"type", "boolean"}}},
                               {"opened_at", moment()},
                               {"closed_at", moment(or_null)},
                               {"closed_reason", text(or_null)},
                               {"calls", whole_number()},
                               {"calls_pending", whole_number()}})},
          {"Call", object({{"id", whole_number()},
                           {"call_sid", text()},
                           {"from", text()},
                           {"to", text(or_null)},
                           {"role", text()},
                           {"role_source", text()},
                           {"client_id", whole_number(or_null)},
                           {"client_name", text(or_null)},
                           {"verification", text()},
                           {"greeting", text()},
                           {"status", text(or_null)},
                           {"reason", text(or_null)},
                           {"outcome", text(or_null)},
                           {"started_at", moment()},
                           {"ended_at", moment(or_null)},
                           {"deadline", moment(or_null)}})},
          {"Number", object({{"number", text()},
                             {"role", text()},
                             {"client_id", whole_number(or_null)},
                             {"available", {{"type", "boolean"}}}})},
          {"FailsafeReply", object({{"id", whole_number()},
                                    {"message_sid", text()},
                                    {"from", text()},
                                    {"to", text()},
                                    {"sent_at", moment()},
                                    {"received_at", moment()},
                                    {"settled_as", text(or_null)},
                                    {"settled_at", moment(or_null)},
                                    {"adopt", text(or_null)},
                                    {"dismiss", text(or_null)}})},
          {"FailsafeNumber", object({{"number", text()},
                                     {"pool", {{"nullable", true}, {"allOf", {named("Number")}}}},
                                     {"first_at", moment()},
                                     {"last_at", moment()},
                                     {"calls", whole_number()},
                                     {"callers", whole_number()},
                                     {"register", text(or_null)},
                                     {"dismiss", text(or_null)},
                                     {"replies", list("FailsafeReply")}})},
          {"Error", object({{"error", object({{"code", text()}, {"message", text()}})}})}};
}

Json content(const Json& schema) {
  return {{"application/json", {{"schema", schema}}}};
}

/// What an operation may answer; every refusal has the same shape.
Json responses(const std::string& what, const Json& schema, const std::vector<std::string>& refusals) {
  Json all = {{"200", {{"description", what}, {"content", content(schema)}}}};
  for (const std::string& status : refusals) {
    all[status] = {{"description", "Refused; the message says why."}, {"content", content(named("Error"))}};
  }
  return all;
}

Json parameter(const std::string& name, const std::string& place, const Json& schema, const std::string& about) {
  return {
      {"name", name}, {"in", place}, {"required", place == "path"}, {"schema", schema}, {"description", about}};
}

Json described() {
  const Json flag = {{"type", "boolean"}};
  const Json page = {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}};
  const std::vector<std::string> usual = {"400", "401", "429", "503"};
  Json paths;
  paths["/api/v1/incidents"]["get"] = {
      {"operationId", "listIncidents"},
      {"summary", "Incidents, as `jobrun incidents --json`"},
      {"parameters",
       {parameter("all", "query", flag, "Closed ones too."),
        parameter("limit", "query", page, "At most so many.")}},
      {"responses", responses("Incidents, the newest first.", list("Incident"), usual)}};
  paths["/api/v1/calls"]["get"] = {
      {"operationId", "listCalls"},
      {"summary", "Calls, as `jobrun calls list --json`"},
      {"parameters",
       {parameter("open", "query", flag, "Only those without an outcome, or in an open incident."),
        parameter("limit", "query", page, "At most so many."),
        parameter("before", "query", whole_number(), "Only those before the call with this id: the next page.")}},
      {"responses", responses("Calls, the newest first.", list("Call"), usual)}};
  paths["/api/v1/failsafe"]["get"] = {
      {"operationId", "reportFailsafe"},
      {"summary", "Numbers of nobody's that were called, as `jobrun failsafe report --json`"},
      {"parameters",
       {parameter("since", "query", text(), "Calls since then: a day or an instant in UTC; else seven days."),
        parameter("limit", "query", page, "At most so many numbers.")}},
      {"responses",
       responses("Numbers, the last called first. Who replied is masked.", list("FailsafeNumber"), usual)}};
  paths["/api/v1/incidents/{id}/close"]["post"] = {
      {"operationId", "closeIncident"},
      {"summary", "Close an incident whose callers were served otherwise, as `jobrun incidents close`"},
      {"parameters", {parameter("id", "path", whole_number(), "The incident's id.")}},
      {"requestBody", {{"required", true}, {"content", content(object({{"reason", text()}}))}}},
      {"responses",
       responses("It is closed.", object({{"id", whole_number()}}), {"400", "401", "404", "409", "429", "503"})}};
  paths["/api/v1/openapi.json"]["get"] = {
      {"operationId", "describe"},
      {"summary", "This description"},
      {"responses", responses("OpenAPI 3.0.", {{"type", "object"}}, {"401", "429"})}};
  return {{"openapi", "3.0.3"},
          {"info",
           {{"title", "JobRun"},
            {"version", "1"},
            {"description",
             "Open incidents, calls and fail-safe numbers of JobRun, for programs. Opened by the setting "
             "admin_token."}}},
          {"servers", {{{"url", "/"}}}},
          {"security", {{{"token", Json::array()}}}},
          {"paths", paths},
          {"components",
           {{"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}, {"schemas", schemas()}}}};
}

}  // namespace

const nlohmann::ordered_json& api_description() {
  static const Json description = described();
  return description;
}

}  // namespace jobrun::app
