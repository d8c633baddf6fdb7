#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>

#include "base/catalogue.hpp"
#include "base/client_settings.hpp"
#include "canary_way.hpp"
#include "completion.hpp"
#include "console_api/nearest.hpp"
#include "console_api/operations.hpp"
#include "database_lock.hpp"
#include "doctor.hpp"
#include "gate/twiml.hpp"
#include "manual_page.hpp"
#include "media_file.hpp"
#include "mending.hpp"
#include "ops/metrics.hpp"
#include "rendering.hpp"
#include "service_access.hpp"
#include "setting_values.hpp"
#include "setup_world.hpp"
#include "store/sqlite_store.hpp"
#include "tls_files.hpp"

#ifndef JOBRUN_VERSION
#define JOBRUN_VERSION "unknown"
#endif

namespace jobrun::app {

using nlohmann::json;

namespace {

constexpr std::size_t import_file_bytes_max = 64u << 20;
constexpr std::string_view exit_codes =
    "Exit codes: 0 done, 1 failure, 2 wrong usage or input, 3 not found, 4 conflict with what is there, "
    "5 unavailable: try again.";

ExitCode exit_code_of(std::string_view error_code) {
  if (error_code == "invalid") return ExitCode::invalid;
  if (error_code == "not_found") return ExitCode::not_found;
  if (error_code == "conflict") return ExitCode::conflict;
  if (error_code == "unavailable") return ExitCode::unavailable;
  return ExitCode::failure;
}

std::string as_text(const json& value) {
  return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

/// Requests travel as JSON to a running server, which would put U+FFFD where bytes are not UTF-8.
bool is_utf8(const json& request) {
  try {
    static_cast<void>(request.dump());
    return true;
  } catch (const json::type_error&) {
    return false;
  }
}

std::string line_about_number(const json& number) {
  std::string line = number.at("number").get<std::string>() + ": " + number.at("role").get<std::string>();
  if (!number.at("client_id").is_null()) line += ", client " + number.at("client_id").dump();
  if (number.at("available").get<bool>()) line += ", available";
  return line + "\n";
}

/// The tree of commands. Options write into members; the action of the command that was given runs last.
class CommandLine {
 public:
  explicit CommandLine(CommandEnvironment& environment) : environment_(environment) {
    root_.require_subcommand(1);
    root_.add_option("--config", config_, "TOML file with the settings; else JOBRUN_CONFIG")->type_name("FILE");
    root_.set_version_flag("--version", "jobrun " JOBRUN_VERSION);
    root_.footer("Example: jobrun clients add --name \"Smith & Sons\" --phone +14155550123\n" +
                 std::string(exit_codes));
    add_service_commands();
    add_client_commands();
    add_number_commands();
    add_call_commands();
    add_text_commands();
    add_conversation_commands();
    add_triage_commands();
    add_failsafe_commands();
    add_people_commands();
    add_incident_commands();
    add_sender_commands();
    add_onboarding_commands();
    add_setting_commands();
  }

  ExitCode run(const std::vector<std::string>& arguments) {
    try {
      root_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::Success& wanted) {  // --help, --version
      root_.exit(wanted, environment_.out, environment_.err);
      return ExitCode::ok;
    } catch (const CLI::ParseError& wrong) {
      return usage_error(arguments, wrong);
    }
    const ExitCode code = action_ ? action_() : ExitCode::invalid;
    access_.reset();  // lets go of the database before anybody is waited for
    environment_.out << out_.str() << std::flush;
    return code;
  }

 private:
  // --- building -----------------------------------------------------------------------------------

  void add_common_options(CLI::App* command) {
    command->add_option("--config", config_, "TOML file with the settings; else JOBRUN_CONFIG")->type_name("FILE");
    command->add_flag("--json", json_, "Answer as JSON, for programs");
  }

  CLI::App* leaf(CLI::App& parent, const std::string& name, const std::string& description,
                 const std::string& example, std::function<ExitCode()> action) {
    CLI::App* command = parent.add_subcommand(name, description);
    command->footer("Example: " + example + "\n" + std::string(exit_codes));
    add_common_options(command);
    command->final_callback([this, command, action = std::move(action)] {
      if (command->get_subcommands().empty()) action_ = action;
    });
    return command;
  }

  /// A group of commands that lists when it is given alone.
  CLI::App* group(const std::string& name, const std::string& description, std::function<ExitCode()> list) {
    return leaf(root_, name, description, "jobrun " + name, std::move(list));
  }

  void add_service_commands() {
    leaf(root_, "serve", "Run the service until it is told to stop (SIGTERM)",
         "jobrun serve --config /etc/jobrun/jobrun.toml", [this] { return serve(); });
    CLI::App* simulate = leaf(root_, "simulate", "Run the practice carrier: calls and texts without a contract",
                              "jobrun simulate --listen 127.0.0.1:8090 --webhook-url http://127.0.0.1:8080",
                              [this] { return run_simulator(); });
    simulate->add_option("--listen", listen_, "Where it listens")
        ->type_name("ADDRESS:PORT")
        ->capture_default_str();
    simulate->add_option("--webhook-url", simulated_.service_url, "The service's public URL: webhooks go there")
        ->type_name("URL")
        ->capture_default_str();
    simulate->add_option("--account-sid", simulated_.account_sid, "The practice account")->capture_default_str();
    simulate->add_option("--auth-token", simulated_.auth_token, "Signs webhooks, opens the API")
        ->capture_default_str();
    simulate->add_option("--number", simulated_numbers_, "A number of the account; none: every number is")
        ->type_name("E164");
    simulate->add_option("--seed", simulated_.seed, "Same seed, same sequence of ids")->capture_default_str();
    simulate->add_flag("--fast", simulated_.fast, "Accept every text, call nobody back, keep nothing");
    leaf(root_, "migrate", "Make the database, or bring it to this version", "jobrun migrate",
         [this] { return migrate(); });
    CLI::App* doctor = leaf(root_, "doctor", "Look whether everything that a missed call needs is in place",
                            "jobrun doctor", [this] { return fix_ ? examine_and_fix() : examine_all(); });
    doctor->add_flag("--fix", fix_,
                     "Show what of the numbers' webhooks would be set at the carrier, and ask for it");
    doctor->add_flag("--yes", yes_, "With --fix: set it without asking");
    leaf(root_, "setup", "The first run: asks what is needed, checks it, sets it up and writes the settings file",
         "jobrun setup --config jobrun.toml", [this] { return set_up(); });
    leaf(root_, "canary",
         "Send a canary: a call of our own making, the whole way from the public URL to the carrier",
         "jobrun canary", [this] { return send_canary(); });
    leaf(root_, "fallback-twiml",
         "Print what to host as the carrier's voice fallback: spoken when we cannot be reached",
         "jobrun fallback-twiml > fallback.xml", [this] { return print_fallback_twiml(); });
  }

  void add_profile_options(CLI::App* command, bool is_new) {
    auto* name = command->add_option("--name", name_, "The business as customers read it, 1 to 80 characters");
    auto* phone =
        command->add_option("--phone", owner_phone_, "The owner's phone, told about calls")->type_name("E164");
    if (is_new) name->required();
    if (is_new) phone->required();
    command->add_option("--own-number", own_number_, "A number the client brought, outside the pool; or none")
        ->type_name("E164");
    command->add_option("--cool-down", cool_down_, "One text to one caller in this time, as 45m; or default")
        ->type_name("DURATION");
    command->add_option("--countries", countries_, "Countries that may be texted, as US,CA; or default")
        ->type_name("CODES");
    command->add_option("--texts-per-day", texts_per_day_, "Texts in a UTC day; or default")->type_name("COUNT");
    command->add_option("--alert-by", alert_by_, "How the owner hears of calls")
        ->check(CLI::IsMember(std::vector<std::string>{"text", "email", "both"}));
    command->add_option("--owner-email", owner_email_, "The owner's e-mail address; or none")
        ->type_name("ADDRESS");
    add_client_settings(command);
  }

  /// One option for each setting that an operator may change; `default` takes it back.
  void add_client_settings(CLI::App* command) {
    for (const ClientSettingField& field : client_setting_fields()) {
      if (field.name == "busy_until") continue;
      std::string option = "--" + std::string(field.name);
      std::ranges::replace(option, '_', '-');
      command
          ->add_option_function<std::string>(
              option,
              [this, name = field.name](const std::string& words) { client_settings_[std::string(name)] = words; },
              std::string(field.help))
          ->type_name("WORDS");
    }
    command
        ->add_option("--wording", wordings_,
                     "A phrase in the business's own words, as text_accepted=See you soon; default takes it back")
        ->type_name("PHRASE=WORDS")
        ->allow_extra_args(false);
  }

  CLI::App* client_leaf(CLI::App& clients, const std::string& name, const std::string& description,
                        const std::string& past) {
    CLI::App* command = leaf(clients, name, description, "jobrun clients " + name + " 1", [this, name, past] {
      return change({{"op", "clients." + name}, {"id", id_}},
                    [past](const json& client) { return "client " + client.at("id").dump() + " " + past + "\n"; });
    });
    command->add_option("ID", id_, "The client's id")->required();
    return command;
  }

  void add_client_commands() {
    CLI::App& clients = *group("clients", "Businesses: list, show, add, set, pause, resume, remove, block, people",
                               [this] { return list_pages("clients", "id", render_clients); });
    CLI::App* add = leaf(clients, "add", "Add a business; prints its id",
                         "jobrun clients add --name \"Smith & Sons\" --phone +14155550123",
                         [this] { return change_client("clients.add", "added"); });
    add_profile_options(add, true);
    leaf(clients, "list", "List all businesses", "jobrun clients list --json",
         [this] { return list_pages("clients", "id", render_clients); });
    CLI::App* show = leaf(clients, "show", "One business, with what it set for itself", "jobrun clients show 1",
                          [this] { return read({{"op", "clients.show"}, {"id", id_}}, render_client); });
    CLI::App* set = leaf(clients, "set", "Change a business",
                         "jobrun clients set 1 --cool-down 45m --business-hours \"Mon-Fri 08:00-17:30\"",
                         [this] { return change_client("clients.set", "set"); });
    for (CLI::App* command : {show, set}) command->add_option("ID", id_, "The client's id")->required();
    add_profile_options(set, false);
    CLI::App* preview = leaf(clients, "preview", "What its customers read and hear, with the size of texts",
                             "jobrun clients preview 1 --locale es", [this] { return preview_client(); });
    preview->add_option("ID", id_, "The client's id")->required();
    preview->add_option("--locale", locale_, "In this language; else in its own")
        ->check(CLI::IsMember(std::vector<std::string>{"en-US", "en-GB", "es", "pl", "fr"}));
    client_leaf(clients, "pause", "No texts to this business's callers; the owner is told instead", "paused");
    client_leaf(clients, "resume", "Texts again", "resumed");
    client_leaf(clients, "remove", "Remove a business that has no numbers", "removed");
    CLI::App* block =
        add_fact_command(clients, "block", "block", "Callers this business does not want texted", "blocked for");
    CLI::App* unblock = add_fact_command(clients, "unblock", "unblock", "Undo block", "no longer blocked for");
    for (CLI::App* command : {block, unblock}) {
      command->add_flag("--do-not-text", do_not_text_, "Not unwanted, only not to be texted: as skip");
    }
    add_fact_command(clients, "skip", "block", "People never to be texted: family, suppliers", "not texted for");
    add_fact_command(clients, "unskip", "unblock", "Undo skip", "texted again for");
    CLI::App* people = leaf(clients, "people", "Who is blocked, not to be texted, or has opted out",
                            "jobrun clients people 1", [this] {
                              return list_pages({{"op", "clients.people"}, {"id", id_}, {"limit", 1'000}},
                                                "people", "phone", render_people);
                            });
    people->add_option("ID", id_, "The client's id")->required();
  }

  CLI::App* add_fact_command(CLI::App& clients, const std::string& name, const std::string& op,
                             const std::string& description, const std::string& past) {
    CLI::App* command = leaf(clients, name, description, "jobrun clients " + name + " 1 +14155550177",
                             [this, op, past, is_skip = name.ends_with("skip")] {
                               json request = {{"op", "clients." + op}, {"id", id_}, {"phone", phone_}};
                               if (is_skip || do_not_text_) request["fact"] = "do_not_text";
                               return change(std::move(request), [past](const json& fact) {
                                 return fact.at("phone").get<std::string>() + " " + past + " client " +
                                        fact.at("id").dump() + "\n";
                               });
                             });
    command->add_option("ID", id_, "The client's id")->required();
    command->add_option("PHONE", phone_, "The caller's phone, E.164")->required();
    return command;
  }

  CLI::Option* add_role_option(CLI::App* command) {
    return command->add_option("--role", role_, "What the number is for")
        ->check(CLI::IsMember(std::vector<std::string>{"operational", "onboarding", "system"}));
  }

  void add_number_commands() {
    CLI::App& numbers = *group("numbers", "The number pool: list, add, assign, remove, import",
                               [this] { return list_pages("numbers", "number", render_numbers); });
    CLI::App* add = leaf(numbers, "add", "Add a number to the pool",
                         "jobrun numbers add +14155550100 --role operational --client 1",
                         [this] { return change_number("numbers.add"); });
    add->add_option("NUMBER", number_, "The number, E.164")->required();
    add_role_option(add);
    add->add_flag("--available", available_, "It waits for an owner who signs up; its role is system until then");
    add->add_option("--client", client_, "The business it belongs to")->type_name("ID");
    leaf(numbers, "list", "List the pool", "jobrun numbers list",
         [this] { return list_pages("numbers", "number", render_numbers); });
    CLI::App* assign =
        leaf(numbers, "assign", "Give a number to a business, take it back, or change its role",
             "jobrun numbers assign +14155550100 --client 1", [this] { return change_number("numbers.assign"); });
    assign->add_option("NUMBER", number_, "The number, E.164")->required();
    assign->add_option("--client", client_, "The business; none takes the number back")->type_name("ID");
    add_role_option(assign);
    CLI::App* remove =
        leaf(numbers, "remove", "Take a number out of the pool", "jobrun numbers remove +14155550100", [this] {
          return change({{"op", "numbers.remove"}, {"number", number_}},
                        [](const json& number) { return number.at("number").get<std::string>() + " removed\n"; });
        });
    remove->add_option("NUMBER", number_, "The number, E.164")->required();
    CLI::App* import =
        leaf(numbers, "import", "Add many numbers: a CSV file with the header number,role,client_id",
             "jobrun numbers import numbers.csv", [this] { return import_numbers(); });
    import->add_option("FILE", file_, "The file; - for standard input")->required();
  }

  void add_call_commands() {
    const auto list = [this] { return list_calls(); };
    CLI::App& calls = *group("calls", "Calls and what became of them: list, show", list);
    for (CLI::App* command :
         {&calls, leaf(calls, "list", "List calls, the newest first", "jobrun calls list --open", list)}) {
      command->add_flag("--open", open_, "Only calls without an outcome, or in an open incident");
      command->add_option("--limit", limit_, "At most so many, 1 to 1000")->capture_default_str();
    }
    CLI::App* show = leaf(
        calls, "show", "One call's timeline and texts", "jobrun calls show CA0123456789abcdef0123456789abcdef",
        [this] { return read({{"op", "calls.show"}, {"call_sid", call_sid_}}, render_timeline); });
    show->add_option("CALLSID", call_sid_, "The carrier's id of the call")->required();
  }

  void add_text_commands() {
    const auto list = [this] {
      return read({{"op", "texts.list"}, {"limit", limit_}, {"show", show_}}, render_texts, "texts");
    };
    CLI::App& texts = *group("texts", "Texts that came in, and what they were taken for: list", list);
    for (CLI::App* command : {&texts, leaf(texts, "list", "List texts that came in, the newest first",
                                           "jobrun texts list --show", list)}) {
      command->add_flag("--show", show_, "Also who sent them and what they say, as customers wrote them");
      command->add_option("--limit", limit_, "At most so many, 1 to 1000")->capture_default_str();
    }
  }

  void add_conversation_commands() {
    const auto list = [this] {
      json request = {{"op", "conversations.list"}, {"limit", limit_}, {"show", show_}};
      return with_client(std::move(request),
                         [this](const json& asked) { return read(asked, render_conversations, "conversations"); });
    };
    CLI::App& conversations =
        *group("conversations", "What customers and businesses wrote: list, show, reply, media", list);
    for (CLI::App* command : {&conversations, leaf(conversations, "list", "List conversations, the newest first",
                                                   "jobrun conversations list --client 1 --show", list)}) {
      command->add_option("--client", client_, "Only of this business")->type_name("ID");
      command->add_flag("--show", show_, "Also who the customers are and what was said");
      command->add_option("--limit", limit_, "At most so many, 1 to 1000")->capture_default_str();
    }
    CLI::App* show =
        leaf(conversations, "show", "One conversation, with all that was said", "jobrun conversations show 1",
             [this] { return read({{"op", "conversations.show"}, {"id", id_}}, render_talk); });
    CLI::App* reply = leaf(
        conversations, "reply", "Text the customer, from the number that he knows",
        "jobrun conversations reply 1 \"We are on our way\"", [this] {
          return change({{"op", "conversations.reply"}, {"id", id_}, {"words", words_}}, [](const json& text) {
            return "promised to " + text.at("to").get<std::string>() + " as " +
                   text.at("text_id").get<std::string>() + "; what becomes of it: jobrun conversations show " +
                   text.at("id").dump() + "\n";
          });
        });
    CLI::App* media =
        leaf(conversations, "media", "Pictures and the like that came with its texts, and voicemails",
             "jobrun conversations media 1 2 --to picture.jpg", [this] { return show_media(); });
    for (CLI::App* command : {show, reply, media})
      command->add_option("ID", id_, "The conversation's id")->required();
    CLI::Option* which = media->add_option("N", media_, "Which of them; without it they are listed");
    media->add_option("--to", file_, "The file to be made of it")->type_name("FILE")->needs(which);
    which->needs("--to");
    reply->add_option("WORDS", words_, "What he is texted, at most 600 characters")->required();
  }

  void add_triage_commands() {
    const auto list = [this] {
      return read({{"op", "triage.list"}, {"limit", limit_}, {"show", show_}, {"all", all_}}, render_triage,
                  "texts");
    };
    CLI::App& triage = *group("triage", "Texts to nobody's number: list, show, adopt, dismiss", list);
    for (CLI::App* command : {&triage, leaf(triage, "list", "List what nobody has dealt with, the newest first",
                                            "jobrun triage list --show", list)}) {
      command->add_flag("--show", show_, "Also who sent them and what they say");
      command->add_flag("--all", all_, "Those that were dealt with too");
      command->add_option("--limit", limit_, "At most so many, 1 to 1000")->capture_default_str();
    }
    CLI::App* show = leaf(triage, "show", "One text", "jobrun triage show 1", [this] {
      const auto as_list = [](const json& text) { return render_triage(json::array({text})); };
      return read({{"op", "triage.show"}, {"id", id_}}, as_list);
    });
    CLI::App* adopt = leaf(triage, "adopt", "Hand the text to a business, whose owner is told",
                           "jobrun triage adopt 1 --client 1", [this] { return adopt_text(); });
    CLI::App* dismiss =
        leaf(triage, "dismiss", "Nothing is to be done", "jobrun triage dismiss 1 --reason advertising", [this] {
          return change({{"op", "triage.dismiss"}, {"id", id_}, {"reason", reason_}},
                        [](const json& text) { return "text " + text.at("id").dump() + " dismissed\n"; });
        });
    for (CLI::App* command : {show, adopt, dismiss}) command->add_option("ID", id_, "The text's id")->required();
    adopt->add_option("--client", client_, "The business")->required()->type_name("ID");
    adopt->add_option("--number", number_, "One of its numbers; else the number texted")->type_name("E164");
    dismiss->add_option("--reason", reason_, "Why")->required();
  }

  void add_failsafe_commands() {
    const auto report = [this] { return report_failsafe(); };
    CLI::App& failsafe = *group("failsafe", "Numbers of nobody's that were called: report", report);
    for (CLI::App* command :
         {&failsafe, leaf(failsafe, "report", "Which numbers, by how many callers, who replied, and what to do",
                          "jobrun failsafe report --since 7d", report)}) {
      command->add_option("--since", since_, "How long ago, as 7d, or a day, as 2026-01-03")
          ->capture_default_str();
      command->add_flag("--show", show_, "Also who replied and what they say");
      command->add_option("--limit", limit_, "At most so many numbers, 1 to 1000")->capture_default_str();
    }
  }

  void add_people_commands() {
    CLI::App& people = *root_.add_subcommand("people", "What is kept of a person: export, erase");
    people.require_subcommand(1);
    people.footer("Example: jobrun people export +14155550177\n" + std::string(exit_codes));
    CLI::App* exported = leaf(people, "export", "Everything that is kept of a phone, as JSON",
                              "jobrun people export +14155550177", [this] {
                                return with_client({{"op", "people.export"}, {"phone", phone_}},
                                                   [this](const json& asked) { return read(asked, as_text); });
                              });
    CLI::App* erased =
        leaf(people, "erase", "Remove what leads to a person; that he was served stays on record",
             "jobrun people erase +14155550177", [this] {
               return with_client({{"op", "people.erase"}, {"phone", phone_}},
                                  [this](const json& asked) { return change(asked, render_erased); });
             });
    for (CLI::App* command : {exported, erased}) {
      command->add_option("PHONE", phone_, "The person's phone, E.164")->required();
      command->add_option("--client", client_, "Only as this business knows him")->type_name("ID");
    }
  }

  void add_incident_commands() {
    const auto list = [this] {
      return read({{"op", "incidents.list"}, {"open_only", !all_}}, render_incidents, "incidents");
    };
    CLI::App& incidents = *group("incidents", "Calls past their deadline: list, close", list);
    for (CLI::App* command :
         {&incidents, leaf(incidents, "list", "List open incidents", "jobrun incidents list --all", list)}) {
      command->add_flag("--all", all_, "Closed ones too");
    }
    CLI::App* close = leaf(
        incidents, "close", "Close an incident whose callers were served otherwise",
        "jobrun incidents close 1 --reason \"called back by hand\"", [this] {
          return change({{"op", "incidents.close"}, {"id", id_}, {"reason", reason_}},
                        [](const json& incident) { return "incident " + incident.at("id").dump() + " closed\n"; });
        });
    close->add_option("ID", id_, "The incident's id")->required();
    close->add_option("--reason", reason_, "What was done for the callers")->required();
  }

  void add_sender_commands() {
    const auto list = [this] { return read({{"op", "senders.list"}}, render_senders, "senders"); };
    CLI::App& senders = *group("senders", "Numbers that the carrier lets no text leave from: list, unblock", list);
    leaf(senders, "list", "List blocked senders", "jobrun senders list --json", list);
    CLI::App* unblock =
        leaf(senders, "unblock", "Text from a number again, once it is registered with the carrier",
             "jobrun senders unblock +14155550100", [this] {
               return change({{"op", "senders.unblock"}, {"number", number_}}, [](const json& sender) {
                 return sender.at("number").get<std::string>() + " unblocked\n";
               });
             });
    unblock->add_option("NUMBER", number_, "The number, E.164")->required();
  }

  void add_onboarding_commands() {
    const auto list = [this] {
      return read({{"op", "onboarding.list"}, {"stuck_only", stuck_}, {"limit", limit_}}, render_owners, "owners");
    };
    CLI::App& owners = *group("onboarding", "Owners who sign up by text: list, show, approve", list);
    for (CLI::App* command : {&owners, leaf(owners, "list", "List who is signing up, and who has",
                                            "jobrun onboarding list --stuck", list)}) {
      command->add_flag("--stuck", stuck_, "Only who has not come further for too long, or needs a person");
      command->add_option("--limit", limit_, "At most so many, 1 to 1000")->capture_default_str();
    }
    CLI::App* show =
        leaf(owners, "show", "One owner and how far he has come", "jobrun onboarding show +14155550123", [this] {
          const auto as_list = [](const json& owner) { return render_owners(json::array({owner})); };
          return read({{"op", "onboarding.show"}, {"phone", phone_}}, as_list);
        });
    CLI::App* approve = leaf(
        owners, "approve", "Let an owner in who waits for that: he gets a number in a moment",
        "jobrun onboarding approve +14155550123", [this] {
          return change({{"op", "onboarding.approve"}, {"phone", phone_}},
                        [](const json& owner) { return owner.at("phone").get<std::string>() + " approved\n"; });
        });
    for (CLI::App* command : {show, approve}) {
      command->add_option("PHONE", phone_, "The owner's phone, E.164")->required();
    }
  }

  void add_setting_commands() {
    CLI::App* settings =
        leaf(root_, "settings", "Show the settings in force and where they come from",
             "jobrun settings --config /etc/jobrun/jobrun.toml", [this] { return show_settings(); });
    CLI::Option* markdown =
        settings->add_flag("--markdown", markdown_, "The reference of all settings, as docs/SETTINGS.md");
    CLI::Option* toml =
        settings->add_flag("--toml", toml_, "A file with every setting, none of them in force yet");
    CLI::Option* check = settings->add_flag("--check", check_, "Only tell whether serve would take them");
    markdown->excludes(toml, check);
    toml->excludes(check);
    leaf(root_, "man", "Print the manual page", "jobrun man | man -l -", [this] {
      out_ << manual_page(root_, JOBRUN_VERSION);
      return ExitCode::ok;
    });
    CLI::App* metrics = leaf(root_, "metrics", "List the metrics that /metrics shows", "jobrun metrics --markdown",
                             [this] { return list_metrics(); });
    metrics->add_flag("--markdown", markdown_, "The reference of all metrics, as docs/METRICS.md");
    CLI::App* completion =
        leaf(root_, "completion", "Print a completion script", "source <(jobrun completion bash)", [this] {
          out_ << completion_script(root_, shell_).value_or("");
          return ExitCode::ok;
        });
    completion->add_option("SHELL", shell_, "The shell")
        ->required()
        ->check(CLI::IsMember(std::vector<std::string>{"bash", "zsh", "fish"}));
  }

  // --- errors -------------------------------------------------------------------------------------

  ExitCode fail(const json& error) {
    environment_.err << (json_ ? as_text({{"error", error}}) : render_error(error)) << std::flush;
    return exit_code_of(error.value("code", ""));
  }

  ExitCode fail(const Error& error) { return fail(console_api::error_answer(error).at("error")); }

  /// The deepest command that the arguments name, and the first word that is none of its commands.
  std::pair<const CLI::App*, std::string> deepest_command(const std::vector<std::string>& arguments) const {
    const CLI::App* at = &root_;
    for (const std::string& word : arguments) {
      if (word.starts_with("-")) continue;
      const auto subcommands = at->get_subcommands([](const CLI::App*) { return true; });
      const auto found =
          std::ranges::find(subcommands, word, [](const CLI::App* each) { return each->get_name(); });
      if (found == subcommands.end()) return {at, subcommands.empty() ? "" : word};
      at = *found;
    }
    return {at, ""};
  }

  ExitCode usage_error(const std::vector<std::string>& arguments, const CLI::ParseError& wrong) {
    const auto [command, word] = deepest_command(arguments);
    std::string path;
    for (const CLI::App* each = command; each != nullptr; each = each->get_parent()) {
      path = each->get_name() + (path.empty() ? "" : " " + path);
    }
    std::string message = wrong.what();
    std::vector<std::string> names;
    for (const CLI::App* each : command->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(each->get_name());
    }
    const bool is_about_commands = wrong.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError) ||
                                   message.find("subcommand is required") != std::string::npos;
    if (!word.empty() && is_about_commands) {
      const std::string nearest = console_api::nearest_name(word, names);
      message = "'" + word + "' is not a command of " + path +
                (nearest.empty() ? "" : "; did you mean " + path + " " + nearest + "?");
    }
    json_ = json_ || std::ranges::find(arguments, "--json") != arguments.end();
    return fail(Error{ErrorKind::invalid, message + "\nSee " + path + " --help"});
  }

  // --- running ------------------------------------------------------------------------------------

  Result<LoadedSettings> load(SettingScope scope) {
    if (!config_.empty()) environment_.sources.config_file = config_;
    return load_settings(environment_.sources, scope);
  }

  json ask(json request, ServiceAccess::OnMissing on_missing, std::optional<std::string_view> csv = std::nullopt) {
    if (!is_utf8(request)) {
      return console_api::error_answer(
          Error{ErrorKind::invalid, "what is given to a command must be valid UTF-8"});
    }
    if (!access_) {
      const Result<LoadedSettings> loaded = load(SettingScope::commands);
      if (!loaded) return console_api::error_answer(loaded.error());
      auto access =
          ServiceAccess::open(loaded->settings, on_missing, environment_.clock, environment_.database_wait);
      if (!access) return console_api::error_answer(access.error());
      access_ = *std::move(access);
    }
    return access_->ask(std::move(request), csv);
  }

  using Render = std::function<std::string(const json&)>;
  using RenderPage = std::function<std::string(const json& page, bool is_first)>;

  /// Asks, and shows the result or one part of it.
  ExitCode read(json request, const Render& render, const std::string& part = "") {
    const json answer = ask(std::move(request), ServiceAccess::OnMissing::refuse);
    if (answer.contains("error")) return fail(answer.at("error"));
    const json& shown = part.empty() ? answer.at("result") : answer.at("result").at(part);
    out_ << (json_ ? as_text(shown) : render(shown));
    return ExitCode::ok;
  }

  ExitCode change(json request, const Render& render) {
    const json answer = ask(std::move(request), ServiceAccess::OnMissing::create);
    if (answer.contains("error")) return fail(answer.at("error"));
    out_ << (json_ ? as_text(answer.at("result")) : render(answer.at("result")));
    return ExitCode::ok;
  }

  /// All pages of a list, `what` being both the group and the part of the answer. In JSON one entry a line.
  ExitCode list_pages(const std::string& what, const std::string& key, const RenderPage& render) {
    return list_pages({{"op", what + ".list"}, {"limit", 10'000}}, what, key, render);
  }

  ExitCode list_pages(json request, const std::string& what, const std::string& key, const RenderPage& render) {
    std::string before = "[";
    for (bool is_first = true;; is_first = false) {
      const json answer = ask(request, ServiceAccess::OnMissing::refuse);
      if (answer.contains("error")) {
        out_.str("");
        return fail(answer.at("error"));
      }
      const json& page = answer.at("result").at(what);
      if (!json_) out_ << render(page, is_first);
      for (const json& entry : page) {
        if (!json_) break;
        out_ << std::exchange(before, ",") << "\n  " << entry.dump(-1, ' ', false, json::error_handler_t::replace);
      }
      if (answer.at("result").at("next").is_null()) break;
      request["after"] = page.back().at(key);
    }
    if (json_) out_ << (before == "[" ? "[]\n" : "\n]\n");
    return ExitCode::ok;
  }

  ExitCode report_failsafe() {
    std::string since = since_;
    if (const Result<Duration> ago = parse_duration(since_)) {
      since = to_iso8601(environment_.clock.now() - *ago);
    } else if (!parse_iso8601(since_)) {
      return fail(Error{ErrorKind::invalid, "--since must be how long ago, as 7d, or a day, as 2026-01-03"});
    }
    return read({{"op", "failsafe.report"}, {"since", since}, {"limit", limit_}, {"show", show_}},
                render_failsafe);
  }

  ExitCode list_calls() {
    return read({{"op", "calls.list"}, {"open_only", open_}, {"limit", limit_}}, render_calls, "calls");
  }

  /// Adds the profile's fields that were given. `default` and `none` take a client's own value away.
  Result<void> put_profile(json& request) const {
    if (name_) request["name"] = *name_;
    if (owner_phone_) request["phone"] = *owner_phone_;
    if (!own_number_.empty()) request["own_number"] = own_number_ == "none" ? json(nullptr) : json(own_number_);
    if (cool_down_ == "default") {
      request["cool_down_seconds"] = nullptr;
    } else if (!cool_down_.empty()) {
      const Result<Duration> cool_down = parse_duration(cool_down_);
      if (!cool_down) return invalid("--cool-down " + cool_down.error().message);
      request["cool_down_seconds"] = std::chrono::floor<std::chrono::seconds>(*cool_down).count();
    }
    if (!countries_.empty())
      request["countries"] = countries_ == "default" ? json(nullptr) : json(split_list(countries_));
    if (texts_per_day_ == "default") {
      request["texts_per_day"] = nullptr;
    } else if (!texts_per_day_.empty()) {
      const Result<std::int64_t> count = parse_whole_number(texts_per_day_, 0, INT64_MAX);
      if (!count) return invalid("--texts-per-day " + count.error().message);
      request["texts_per_day"] = *count;
    }
    if (!alert_by_.empty()) request["alert_by"] = alert_by_;
    if (!owner_email_.empty()) {
      request["owner_email"] = owner_email_ == "none" ? json(nullptr) : json(owner_email_);
    }
    return {};
  }

  /// `phrase=words` becomes the setting `wording.phrase`.
  Result<void> put_client_settings(json& request) const {
    json settings = json::object();
    const auto put = [&settings](const std::string& name, const std::string& words) {
      settings[name] = words == "default" ? json(nullptr) : json(words);
    };
    for (const auto& [name, words] : client_settings_) put(name, words);
    for (const std::string& wording : wordings_) {
      const std::size_t equals = wording.find('=');
      if (equals == std::string::npos) return invalid("--wording must be PHRASE=WORDS");
      put("wording." + wording.substr(0, equals), wording.substr(equals + 1));
    }
    if (!settings.empty()) request["settings"] = std::move(settings);
    return {};
  }

  /// Adds the client that was given.
  ExitCode with_client(json request, const std::function<ExitCode(const json&)>& ask_for) {
    if (!client_.empty()) {
      const Result<std::int64_t> id = parse_whole_number(client_, 1, INT64_MAX);
      if (!id) return fail(Error{ErrorKind::invalid, "--client must be a client's id: see jobrun clients list"});
      request["client_id"] = *id;
    }
    return ask_for(request);
  }

  ExitCode adopt_text() {
    json request = {{"op", "triage.adopt"}, {"id", id_}};
    if (!number_.empty()) request["number"] = number_;
    return with_client(std::move(request), [this](const json& asked) {
      return change(asked, [](const json& text) {
        return "text " + text.at("id").dump() + " is of client " + text.at("client_id").dump() + " now, by " +
               text.at("number").get<std::string>() + "\n";
      });
    });
  }

  ExitCode preview_client() {
    json request = {{"op", "clients.preview"}, {"id", id_}};
    if (!locale_.empty()) request["locale"] = locale_;
    return read(std::move(request), render_preview, "phrases");
  }

  ExitCode change_client(const std::string& op, const std::string& past) {
    json request = {{"op", op}};
    if (id_ != 0) request["id"] = id_;
    if (const Result<void> put = put_profile(request); !put) return fail(put.error());
    if (const Result<void> put = put_client_settings(request); !put) return fail(put.error());
    return change(std::move(request), [this, past](const json& client) {
      for (const json& warning : client.value("warnings", json::array())) {
        environment_.err << "warning: " << terminal_safe(warning.get<std::string>()) << "\n";
      }
      return "client " + client.at("id").dump() + " " + past + "\n" + render_client(client);
    });
  }

  ExitCode change_number(const std::string& op) {
    json request = {{"op", op}, {"number", number_}};
    if (!role_.empty()) request["role"] = role_;
    if (available_) request["available"] = true;
    if (client_ == "none") {
      request["client_id"] = nullptr;
    } else if (!client_.empty()) {
      const Result<std::int64_t> id = parse_whole_number(client_, 1, INT64_MAX);
      if (!id) return fail(Error{ErrorKind::invalid, "--client must be a client's id: see jobrun clients list"});
      request["client_id"] = *id;
    }
    return change(std::move(request), line_about_number);
  }

  ExitCode import_numbers() {
    std::ifstream file(file_ == "-" ? "/dev/stdin" : file_, std::ios::binary);
    std::string csv(import_file_bytes_max + 1, '\0');
    std::error_code unreadable;
    const bool is_directory = std::filesystem::is_directory(file_, unreadable);
    if (!file || is_directory) return fail(Error{ErrorKind::not_found, "cannot read " + file_});
    file.read(csv.data(), static_cast<std::streamsize>(csv.size()));
    csv.resize(static_cast<std::size_t>(file.gcount()));
    if (csv.size() > import_file_bytes_max) {
      return fail(Error{ErrorKind::invalid, file_ + " is larger than 64 MB: split it"});
    }
    const json answer = ask({{"op", "numbers.import"}}, ServiceAccess::OnMissing::create, csv);
    if (answer.contains("error")) return fail(answer.at("error"));
    const json& result = answer.at("result");
    if (json_) {
      out_ << as_text(result);
    } else {
      out_ << result.at("added").dump() << " numbers added, " << result.at("unchanged").dump()
           << " were there already\n";
    }
    return ExitCode::ok;
  }

  ExitCode serve() {
    const Result<LoadedSettings> loaded = load(SettingScope::serve);
    if (!loaded) return fail(loaded.error());
    const auto read_again = [this]() -> Result<Settings> {
      Result<LoadedSettings> now = load(SettingScope::serve);
      if (!now) return std::unexpected(now.error());
      return std::move(now->settings);
    };
    if (const Result<void> served = environment_.serve(loaded->settings, read_again); !served) {
      return fail(served.error());
    }
    return ExitCode::ok;
  }

  ExitCode run_simulator() {
    const Result<ListenAddress> listen = parse_listen_address(listen_);
    if (!listen) return fail(Error{ErrorKind::invalid, "--listen " + listen.error().message});
    simulated_.address = listen->host;
    simulated_.port = listen->port;
    const Result<std::string> url = parse_base_url(simulated_.service_url);
    if (!url) return fail(Error{ErrorKind::invalid, "--webhook-url " + url.error().message});
    simulated_.service_url = *url;
    for (const std::string& text : simulated_numbers_) {
      const Result<E164> number = E164::parse(text);
      if (!number) return fail(Error{ErrorKind::invalid, "--number " + number.error().message});
      simulated_.numbers.push_back({.number = *number, .service_url = ""});
    }
    if (const Result<void> simulated = environment_.simulate(simulated_); !simulated)
      return fail(simulated.error());
    return ExitCode::ok;
  }

  ExitCode migrate() {
    const Result<LoadedSettings> loaded = load(SettingScope::commands);
    if (!loaded) return fail(loaded.error());
    const Result<DatabasePlace> place = place_of_database(loaded->settings.database);
    if (!place) return fail(place.error());
    const Result<DatabaseLock> lock = DatabaseLock::acquire(*place, "jobrun migrate", environment_.database_wait);
    if (!lock) return fail(lock.error());
    // Where the file is gone, this is how to begin anew; what is left of one is not begun upon.
    if (std::filesystem::exists(place->database)) {
      if (const Result<void> whole = check_database_not_lost(*place); !whole) return fail(whole.error());
    }
    const Result<store::Migration> migrated = store::migrate(place->database.string(), environment_.clock.now());
    if (!migrated) return fail(migrated.error());
    if (json_) {
      out_ << as_text({{"database", place->database.string()}, {"from", migrated->from}, {"to", migrated->to}});
    } else if (migrated->from == migrated->to) {
      out_ << place->database.string() << " is at version " << migrated->to << " already\n";
    } else {
      out_ << place->database.string() << " is at version " << migrated->to << " now, was " << migrated->from
           << "\n";
    }
    return ExitCode::ok;
  }

  Examination examine_now() {
    const Result<LoadedSettings> complete = load(SettingScope::serve);
    const Result<LoadedSettings> partial = load(SettingScope::commands);
    return examine(complete, partial, environment_.clock);
  }

  static bool is_well(const Examination& found) {
    return std::ranges::all_of(found.checks,
                               [](const doctor::Check& check) { return check.verdict == doctor::Verdict::well; });
  }

  static json report_of(const Examination& found) {
    json rows = json::array();
    for (const doctor::Check& check : found.checks) {
      rows.push_back({{"name", check.name},
                      {"verdict", name_of(check.verdict)},
                      {"found", check.found},
                      {"advice", check.advice.empty() ? json(nullptr) : json(check.advice)}});
    }
    return {{"well", is_well(found)}, {"checks", std::move(rows)}};
  }

  ExitCode examine_all() {
    if (yes_) return fail(Error{ErrorKind::invalid, "--yes says what to do with --fix"});
    const Examination found = examine_now();
    const json report = report_of(found);
    out_ << (json_ ? as_text(report) : render_checks(report));
    return is_well(found) ? ExitCode::ok : ExitCode::failure;
  }

  /// What would be set; an error where the carrier did not tell enough to know.
  Result<doctor::Plan> plan_for(const Examination& found, const Settings& settings) {
    if (!found.expected) return std::unexpected(found.expected.error());
    const auto* list = found.carrier ? std::get_if<CarrierNumberList>(&found.carrier->answer) : nullptr;
    if (list == nullptr)
      return failure(ErrorKind::unavailable, "the carrier did not tell which numbers there are");
    if (!found.account || !found.account->services) {
      return failure(ErrorKind::unavailable,
                     "the carrier did not tell of its Messaging Services: a number in one may not be ours to set");
    }
    return doctor::plan_changes(*list, *found.expected, *found.account->services, settings.voice_fallback_url);
  }

  /// Whether somebody has agreed to it.
  bool may_fix() {
    if (yes_) return true;
    if (json_ || environment_.terminal == nullptr || !environment_.terminal->is_interactive()) return false;
    const std::optional<std::string> answer = environment_.terminal->ask("Do this? [y/N] ");
    return answer && (*answer == "y" || *answer == "Y" || *answer == "yes");
  }

  ExitCode examine_and_fix() {
    Examination found = examine_now();
    const Result<LoadedSettings> complete = load(SettingScope::serve);
    // Shown before anybody is asked.
    if (!json_) environment_.out << render_checks(report_of(found)) << std::flush;
    if (!complete) return fail(complete.error());
    const Result<doctor::Plan> plan = plan_for(found, complete->settings);
    if (!plan) return fail(plan.error());
    json report = {{"plan", plan_as_json(*plan)}, {"done", json::array()}};
    if (!json_) environment_.out << "\n" << render_plan(*plan) << std::flush;
    if (plan->changes.empty()) {
      if (!json_) environment_.out << "Nothing is to be set at the carrier.\n";
    } else if (may_fix()) {
      for (const Deed& deed : fix(*plan, complete->settings)) report["done"].push_back(deed_as_json(deed));
      found = examine_now();
      if (!json_) environment_.out << "\n" << render_checks(report_of(found)) << std::flush;
    } else if (!json_) {
      environment_.out << "Nothing was set. With --yes it is set without asking.\n" << std::flush;
    }
    report.update(report_of(found));
    if (json_) out_ << as_text(report);
    const bool is_done = plan->changes.empty() || !report["done"].empty();
    return is_done && is_well(found) ? ExitCode::ok : ExitCode::failure;
  }

  std::vector<Deed> fix(const doctor::Plan& plan, const Settings& settings) {
    const std::unique_ptr<CarrierDesk> desk = make_carrier_desk(settings);
    return carry_out(plan, *desk, environment_.clock, [this](const Deed& deed) {
      if (!json_) environment_.out << render_deed(deed) << std::flush;
    });
  }

  ExitCode set_up() {
    if (environment_.terminal == nullptr) return fail(Error{ErrorKind::invalid, "there is nobody to ask"});
    if (json_) return fail(Error{ErrorKind::invalid, "setup is a conversation: it has no JSON"});
    std::string config = config_;
    if (config.empty()) config = environment_.sources.environment("JOBRUN_CONFIG").value_or("");
    if (config.empty()) config = "jobrun.toml";
    // Where the file is yet to be written, what the environment says stands alone.
    SettingSources sources = environment_.sources;
    const bool is_there = std::filesystem::exists(config);
    sources.config_file = is_there ? config : "/dev/null";
    const Result<LoadedSettings> loaded = load_settings(sources, SettingScope::show);
    if (!loaded) return fail(loaded.error());
    SetupOptions options{.config = config, .settings = loaded->settings};
    if (is_there) {
      Result<FileSettings> in_file = read_settings_file(config);
      if (!in_file) return fail(in_file.error());
      options.in_file = *std::move(in_file);
    }
    for (const SettingValue& value : loaded->values) {
      const auto given = loaded->settings.given.find(value.spec->name);
      if (given == loaded->settings.given.end()) continue;
      if (value.origin == "environment") options.in_environment.insert(*given);
    }
    const SetupPorts ports =
        setup_world(*environment_.terminal, environment_.clock, sources, environment_.database_wait);
    return run_setup(ports, std::move(options)) == SetupEnd::done ? ExitCode::ok : ExitCode::failure;
  }

  ExitCode show_media() {
    const json answer = ask({{"op", "conversations.show"}, {"id", id_}}, ServiceAccess::OnMissing::refuse);
    if (answer.contains("error")) return fail(answer.at("error"));
    const json media = media_of_talk(answer.at("result"));
    if (file_.empty()) {
      out_ << (json_ ? as_text(media) : render_media(media));
      return ExitCode::ok;
    }
    if (media_ < 1 || media_ > static_cast<std::int64_t>(media.size())) {
      return fail(Error{ErrorKind::not_found, "conversation " + std::to_string(id_) + " has no media " +
                                                  std::to_string(media_) + ": jobrun conversations media " +
                                                  std::to_string(id_) + " lists them"});
    }
    const Result<LoadedSettings> loaded = load(SettingScope::serve);
    if (!loaded) return fail(loaded.error());
    const json& wanted = media.at(static_cast<std::size_t>(media_ - 1));
    const Result<MediaFile> made = fetch_to_file(loaded->settings, wanted.at("url").get<std::string>(), file_);
    if (!made) return fail(made.error());
    if (json_) {
      out_ << as_text({{"file", file_}, {"type", made->type}, {"bytes", made->bytes}});
    } else {
      out_ << file_ << ": " << terminal_safe(made->type) << ", " << made->bytes << " bytes\n";
    }
    return ExitCode::ok;
  }

  ExitCode send_canary() {
    const Result<LoadedSettings> loaded = load(SettingScope::serve);
    if (!loaded) return fail(loaded.error());
    const Result<CanaryReport> report = send_one_canary(loaded->settings, environment_.clock);
    if (!report) return fail(report.error());
    const std::string problem = report->came_through ? "" : report->came_through.error().message;
    if (json_) {
      out_ << as_text({{"well", report->came_through.has_value()},
                       {"call_sid", report->call_sid.text()},
                       {"milliseconds", report->took.count()},
                       {"problem", problem.empty() ? json(nullptr) : json(problem)}});
    } else if (problem.empty()) {
      out_ << "the canary came through in " << report->took.count() << " ms: " << report->call_sid.text() << "\n";
    } else {
      out_ << "the canary did not come through: " << terminal_safe(problem) << ": " << report->call_sid.text()
           << "\n";
    }
    return report->came_through ? ExitCode::ok : ExitCode::failure;
  }

  ExitCode print_fallback_twiml() {
    const std::array<gate::Verb, 2> verbs = {gate::Say{.text = render(Phrase::say_fallback, {})}, gate::Hangup{}};
    const std::string twiml = gate::write_twiml(verbs) + "\n";
    out_ << (json_ ? as_text({{"content_type", gate::twiml_content_type}, {"twiml", twiml}}) : twiml);
    return ExitCode::ok;
  }

  ExitCode show_settings() {
    if (markdown_) {
      out_ << settings_markdown();
      return ExitCode::ok;
    }
    if (toml_) {
      out_ << settings_toml();
      return ExitCode::ok;
    }
    if (check_) return check_settings();
    const Result<LoadedSettings> loaded = load(SettingScope::show);
    if (!loaded) return fail(loaded.error());
    json all = json::array();
    std::vector<std::vector<std::string>> rows = {{"NAME", "VALUE", "FROM"}};
    for (const SettingValue& value : loaded->values) {
      all.push_back({{"name", value.spec->name},
                     {"value", value.value.empty() ? json(nullptr) : json(value.value)},
                     {"from", value.origin}});
      rows.push_back(
          {std::string(value.spec->name), value.value.empty() ? "-" : terminal_safe(value.value), value.origin});
    }
    out_ << (json_ ? as_text(all) : aligned_table(rows));
    for (const std::string& warning : loaded->settings.warnings) {
      environment_.err << "warning: " << terminal_safe(warning) << "\n";
    }
    return ExitCode::ok;
  }

  ExitCode list_metrics() {
    if (markdown_) {
      out_ << ops::metrics_markdown();
      return ExitCode::ok;
    }
    json all = json::array();
    std::vector<std::vector<std::string>> rows = {{"NAME", "LABELS", "TELLS"}};
    for (const MetricSpec& spec : metric_specs) {
      json labels = json::array();
      std::string joined;
      for (const std::string_view label : spec.labels) {
        if (label.empty()) continue;
        labels.push_back(label);
        joined += (joined.empty() ? "" : ",") + std::string(label);
      }
      all.push_back({{"name", spec.name}, {"labels", std::move(labels)}, {"help", spec.help}});
      rows.push_back({std::string(spec.name), joined.empty() ? "-" : joined, std::string(spec.help)});
    }
    out_ << (json_ ? as_text(all) : aligned_table(rows));
    return ExitCode::ok;
  }

  /// What `serve` would say, without serving: for who starts it, so that it is not started in vain.
  ExitCode check_settings() {
    const Result<LoadedSettings> loaded = load(SettingScope::serve);
    if (!loaded) return fail(loaded.error());
    if (const auto identity = load_tls(loaded->settings, environment_.clock); !identity)
      return fail(identity.error());
    out_ << (json_ ? as_text({{"warnings", loaded->settings.warnings}}) : "serve takes these settings\n");
    for (const std::string& warning : loaded->settings.warnings) {
      environment_.err << "warning: " << terminal_safe(warning) << "\n";
    }
    return ExitCode::ok;
  }

  CommandEnvironment& environment_;
  CLI::App root_{"JobRun: every missed call gets a response.", "jobrun"};
  std::function<ExitCode()> action_;
  std::ostringstream out_;
  std::unique_ptr<ServiceAccess> access_;

  std::string config_;
  bool json_ = false;
  std::int64_t id_ = 0;
  std::int64_t media_ = 0;
  std::optional<std::string> name_, owner_phone_;
  std::string phone_, own_number_, cool_down_, countries_, texts_per_day_, alert_by_, owner_email_;
  bool available_ = false;
  bool do_not_text_ = false;
  std::string number_, role_, client_, file_;
  bool open_ = false;
  bool show_ = false;
  bool stuck_ = false;
  bool all_ = false;
  std::int64_t limit_ = 50;
  std::string since_ = "7d";
  std::string call_sid_, reason_;
  std::map<std::string, std::string> client_settings_;
  std::vector<std::string> wordings_;
  std::string words_, locale_;
  bool markdown_ = false, toml_ = false, check_ = false;
  bool fix_ = false;
  bool yes_ = false;
  std::string shell_;
  std::string listen_ = "127.0.0.1:8090";
  simulator::Options simulated_;
  std::vector<std::string> simulated_numbers_;
};

}  // namespace

ExitCode run_command_line(const std::vector<std::string>& arguments, CommandEnvironment& environment) {
  return CommandLine(environment).run(arguments);
}

}  // namespace jobrun::app
