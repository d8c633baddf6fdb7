#include "setup.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "doctor/mending.hpp"
#include "mending.hpp"
#include "rendering.hpp"

namespace jobrun::app {

using nlohmann::json;

namespace {

constexpr int credentials_tries_max = 3;
constexpr int tries_max = 5;
constexpr std::size_t numbers_asked_max = 100;
constexpr std::string_view one_there_is = "the one there is";  ///< what is shown in place of a secret

const SettingSpec* spec_of(std::string_view name) {
  const auto specs = setting_specs();
  const auto found = std::ranges::find(specs, name, &SettingSpec::name);
  return found == specs.end() ? nullptr : &*found;
}

/// A TOML basic string.
std::string toml_string(std::string_view text) {
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\u00").append(1, hexadecimal[byte >> 4]).append(1, hexadecimal[byte & 15]);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

bool is_yes(const std::string& answer) {
  return answer == "y" || answer == "Y" || answer == "yes";
}

/// What is asked for a way to tell people.
std::span<const std::string_view> settings_of(AlertWay way) {
  static constexpr std::array<std::string_view, 2> webhook = {"alert_webhook_url", "alert_webhook_secret"};
  static constexpr std::array<std::string_view, 4> email = {"operator_email", "smtp_url", "smtp_user",
                                                            "smtp_password"};
  static constexpr std::array<std::string_view, 2> text = {"operator_phone", "failsafe_sender"};
  switch (way) {
    case AlertWay::webhook:
      return webhook;
    case AlertWay::email:
      return email;
    case AlertWay::text:
      break;
  }
  return text;
}

void copy_way(AlertWay way, const Settings& from, Settings& to) {
  switch (way) {
    case AlertWay::webhook:
      to.alert_webhook_url = from.alert_webhook_url;
      to.alert_webhook_secret = from.alert_webhook_secret;
      return;
    case AlertWay::email:
      to.operator_email = from.operator_email;
      to.smtp_url = from.smtp_url;
      to.smtp_user = from.smtp_user;
      to.smtp_password = from.smtp_password;
      return;
    case AlertWay::text:
      to.operator_phone = from.operator_phone;
      to.failsafe_sender = from.failsafe_sender;
      return;
  }
}

enum class Role { leave, business, sign_up, spare };

/// What is to become of one of the account's numbers.
struct Wish {
  E164 number;
  Role role = Role::leave;
  std::string business{};
  std::string owner_phone{};
  std::optional<ClientId> client{};  ///< once it is added
};

class Conversation {
 public:
  Conversation(const SetupPorts& ports, SetupOptions options)
      : ports_(ports),
        config_(std::move(options.config)),
        settings_(std::move(options.settings)),
        values_(std::move(options.in_file)),
        in_environment_(std::move(options.in_environment)) {}

  SetupEnd run() {
    say("JobRun answers missed calls. This asks what it needs, and changes nothing until you agree to a list of "
        "what\n"
        "will be done. Enter takes what stands in brackets; Ctrl-D ends it.\n\n");
    const bool is_agreed = begin() && ask_credentials() && ask_public_url() && ask_fallback() && ask_numbers() &&
                           ask_alerts() && agree();
    if (!is_agreed) {
      say("\nNothing was changed.\n");
      return SetupEnd::stopped;
    }
    write_settings();
    if (is_whole_) add_numbers();
    if (is_whole_) set_webhooks();
    if (is_whole_) offer_test_text();
    say_what_is_next();
    return is_whole_ ? SetupEnd::done : SetupEnd::in_part;
  }

 private:
  using Take = std::function<Result<void>(const std::string&)>;

  void say(std::string_view words) { ports_.terminal.say(words); }

  /// The line, or what Enter stands for. Empty: the input has ended.
  std::optional<std::string> question(const std::string& words, const std::string& usual = "") {
    std::optional<std::string> line =
        ports_.terminal.ask(words + (usual.empty() ? "" : " [" + terminal_safe(usual) + "]") + ": ");
    if (line && line->empty()) return usual;
    return line;
  }

  /// Asks until the answer can be used; false: the input has ended, or it never could.
  bool ask_until(const std::string& words, const std::string& usual, const Take& take) {
    for (int attempt = 0; attempt < tries_max; ++attempt) {
      const std::optional<std::string> line = question(words, usual);
      if (!line) return false;
      const Result<void> taken = take(*line);
      if (taken) return true;
      say("  " + terminal_safe(taken.error().message) + "\n");
    }
    return false;
  }

  std::optional<bool> consent(const std::string& words) {
    const std::optional<std::string> line = question(words + " [y/N]");
    if (!line) return std::nullopt;
    return is_yes(*line);
  }

  /// Checks the value as `serve` will, and keeps it for the file.
  Result<void> take_setting(std::string_view name, const std::string& value) {
    const SettingSpec* spec = spec_of(name);
    if (spec == nullptr) return failure(ErrorKind::internal, std::string(name) + " is no setting");
    if (Result<void> assigned = spec->assign(settings_, value); !assigned) {
      return invalid("it " + assigned.error().message);
    }
    drop(name);
    values_.emplace(name, value);
    return {};
  }

  void drop(std::string_view name) {
    values_.erase(std::string(name));
    values_.erase(std::string(name) + "_file");
  }

  /// Whether the new file says it, or where it lies.
  bool is_in_file(std::string_view name) const {
    return values_.contains(name) || values_.contains(std::string(name) + "_file");
  }

  Take takes(std::string_view name) {
    return [this, name](const std::string& value) { return take_setting(name, value); };
  }

  bool begin() {
    if (!ports_.exists(config_)) return ask_database();
    const std::optional<bool> may_replace =
        consent(config_.string() + " is there already. Replace it by what is asked now, and keep the rest of it?");
    return may_replace.value_or(false) && ask_database();
  }

  bool ask_database() {
    const std::string usual =
        settings_.database.empty() ? "" : "sqlite://" + std::filesystem::absolute(settings_.database).string();
    return ask_until("The database", usual, [this](const std::string& value) -> Result<void> {
      if (Result<void> taken = take_setting("database_url", value); !taken) return taken;
      if (!ports_.is_served(settings_)) {
        if (Result<void> may = ports_.may_make_files(settings_); !may) return may;
      }
      const json answer = ports_.ask(settings_, {{"op", "numbers.list"}, {"limit", 10'000}}, false);
      if (answer.contains("result")) {
        for (const json& number : answer.at("result").at("numbers")) {
          known_.emplace(number.at("number").get<std::string>(), number.at("role").get<std::string>());
        }
        return {};
      }
      if (answer.at("error").value("code", "") == "not_found") return {};
      return invalid(answer.at("error").value("message", "it cannot be used"));
    });
  }

  // --- the carrier --------------------------------------------------------------------------------

  bool ask_credentials() {
    say("\nThe carrier account, from its console:\n");
    for (int attempt = 0; attempt < credentials_tries_max; ++attempt) {
      if (!ask_until("Account SID", settings_.twilio_account_sid, takes("twilio_account_sid"))) return false;
      if (!ask_token()) return false;
      desk_ = ports_.carrier(settings_);
      facts_ = desk_->list_numbers(ports_.clock).answer;
      if (const auto* list = std::get_if<CarrierNumberList>(&facts_)) {
        say("The carrier accepts them: " + std::to_string(list->numbers.size()) + " numbers.\n");
        return true;
      }
      if (const auto* refused = std::get_if<CredentialsRefused>(&facts_)) {
        say("  The carrier refuses them: " + terminal_safe(refused->reason) + "\n");
      } else {
        say("  The carrier could not be asked: " + terminal_safe(std::get<CannotTell>(facts_).reason) + "\n");
      }
    }
    return false;
  }

  bool ask_token() {
    const bool has_one = !settings_.twilio_auth_tokens.empty();
    for (int attempt = 0; attempt < tries_max; ++attempt) {
      const std::optional<std::string> line = ports_.terminal.ask(
          "Auth token, not shown" + (has_one ? " [" + std::string(one_there_is) + "]" : "") + ": ", true);
      if (!line) return false;
      if (line->empty() && has_one) return true;
      const Result<void> taken = take_setting("twilio_auth_token", *line);
      if (taken) return true;
      say("  " + taken.error().message + "\n");
    }
    return false;
  }

  bool ask_public_url() {
    say("\nThe public URL is where the carrier reaches this service: https, because callers' numbers travel over "
        "it,\n"
        "by a web server before it: deploy/caddy, deploy/nginx.\n");
    return ask_until("Public URL", settings_.public_url, [this](const std::string& value) -> Result<void> {
      if (Result<void> taken = take_setting("public_url", value); !taken) return taken;
      if (settings_.public_url.starts_with("https://")) return {};
      const std::optional<bool> all_the_same =
          consent("It is not https: whoever stands between can read it, and forge texts. Use it all the same?");
      if (all_the_same.value_or(false)) return {};
      return invalid("then give one that begins with https://");
    });
  }

  bool ask_fallback() {
    say("\nWhile this service cannot be reached, the carrier may speak to callers from another host, which serves "
        "what\n"
        "`jobrun fallback-twiml` prints.\n");
    return ask_until(
        "Fallback URL on another host, or none",
        settings_.voice_fallback_url.empty() ? "none" : settings_.voice_fallback_url,
        [this](const std::string& value) -> Result<void> {
          if (value == "none") {
            settings_.voice_fallback_url.clear();
            drop("voice_fallback_url");
            return {};
          }
          if (doctor::host_of(value) == doctor::host_of(settings_.public_url)) {
            return invalid("it is on the public URL's host, which cannot be reached when it is needed");
          }
          return take_setting("voice_fallback_url", value);
        });
  }

  // --- numbers ------------------------------------------------------------------------------------

  bool ask_numbers() {
    const std::vector<CarrierNumber>& numbers = std::get<CarrierNumberList>(facts_).numbers;
    if (numbers.empty()) {
      say("\nThe account has no numbers yet: get one there, then run this again.\n");
      return true;
    }
    say("\nWhat is each number for? business: its callers are texted in the business's name; sign-up: owners sign "
        "up\n"
        "there by text; spare: waits for an owner who signs up; leave: stays as it is.\n");
    std::size_t asked = 0;
    for (const CarrierNumber& each : numbers) {
      if (const auto known = known_.find(each.number.text()); known != known_.end()) {
        say(each.number.text() + " is known here: " + known->second + "\n");
        continue;
      }
      if (++asked > numbers_asked_max) {
        say("There are more numbers: jobrun numbers import adds many.\n");
        break;
      }
      if (!ask_number(each.number)) return false;
    }
    return true;
  }

  bool ask_number(E164 number) {
    Wish wish{.number = number};
    const bool is_answered = ask_until(number.text() + ": business, sign-up, spare, leave", "leave",
                                       [&wish](const std::string& word) -> Result<void> {
                                         if (word == "business" || word == "b") {
                                           wish.role = Role::business;
                                         } else if (word == "sign-up" || word == "s") {
                                           wish.role = Role::sign_up;
                                         } else if (word == "spare" || word == "p") {
                                           wish.role = Role::spare;
                                         } else if (word != "leave" && word != "l") {
                                           return invalid("say business, sign-up, spare or leave");
                                         }
                                         return {};
                                       });
    if (!is_answered || (wish.role == Role::business && !ask_business(wish))) return false;
    wishes_.push_back(std::move(wish));
    return true;
  }

  bool ask_business(Wish& wish) {
    const auto take_name = [&wish](const std::string& name) -> Result<void> {
      constexpr std::size_t bytes_max = 320;
      if (name.empty() || name.size() > bytes_max) return invalid("say its name, as customers know it");
      wish.business = name;
      return {};
    };
    const auto take_phone = [&wish](const std::string& phone) -> Result<void> {
      const Result<E164> number = E164::parse(phone);
      if (!number) return std::unexpected(number.error());
      wish.owner_phone = number->text();
      return {};
    };
    return ask_until("  The business's name", "", take_name) &&
           ask_until("  Its owner's phone, as +14155550123", "", take_phone);
  }

  // --- alerts -------------------------------------------------------------------------------------

  bool ask_alerts() {
    say("\nHow are you told of what needs a person? webhook: signed JSON; mail; text: from a number of the "
        "account that\n"
        "is left; none: nobody is told.\n");
    const bool has_way = is_in_file("alert_webhook_url") || is_in_file("smtp_url") || is_in_file("operator_phone");
    for (int attempt = 0; attempt < tries_max; ++attempt) {
      const std::optional<std::string> word = has_way ? question("webhook, mail, text, none, keep", "keep")
                                                      : question("webhook, mail, text, none", "none");
      if (!word) return false;
      if (has_way && *word == "keep") return true;
      if (*word == "none") return forget_ways();
      const std::optional<AlertWay> way = parse_way(*word);
      if (!way) {
        say("  Say webhook, mail, text or none.\n");
        continue;
      }
      const std::optional<bool> is_usable = ask_way(*way);
      if (!is_usable) return false;
      if (*is_usable) {
        if (has_reached(*way)) return true;
        const std::optional<bool> all_the_same = consent("Use it all the same?");
        if (!all_the_same) return false;
        if (*all_the_same) return true;
      }
      put_back(*way);
    }
    return false;
  }

  static std::optional<AlertWay> parse_way(const std::string& word) {
    if (word == "mail") return AlertWay::email;
    return parse_name<AlertWay>(word);
  }

  bool forget_ways() {
    for (const AlertWay way : {AlertWay::webhook, AlertWay::email, AlertWay::text}) forget(way);
    return true;
  }

  /// False: it cannot be used as things are, which was said. Empty: the input has ended.
  std::optional<bool> ask_way(AlertWay way) {
    const auto unless_ended = [](bool is_answered) { return is_answered ? std::optional(true) : std::nullopt; };
    switch (way) {
      case AlertWay::webhook:
        return unless_ended(ask_webhook());
      case AlertWay::email:
        return unless_ended(
            ask_until("Your e-mail address", settings_.operator_email, takes("operator_email")) &&
            ask_until("Mail server, as smtps://mail.example.com", settings_.smtp_url, takes("smtp_url")) &&
            ask_mail_account());
      case AlertWay::text:
        if (!ask_until("Your phone, as +14155550123", "", takes("operator_phone"))) return std::nullopt;
        return ask_alert_sender();
    }
    return std::nullopt;
  }

  bool ask_webhook() {
    const std::string usual(settings_.alert_webhook_url.empty() ? "" : one_there_is);
    const bool is_answered =
        ask_until("URL that takes alerts", usual, [this, &usual](const std::string& value) -> Result<void> {
          if (!usual.empty() && value == usual) return {};
          return take_setting("alert_webhook_url", value);
        });
    if (!is_answered || !settings_.alert_webhook_secret.empty()) return is_answered;
    say("  They are signed with a secret, which is made now and kept beside the settings.\n");
    return take_setting("alert_webhook_secret", ports_.new_secret()).has_value();
  }

  bool ask_mail_account() {
    const std::optional<std::string> user =
        question("User at the mail server, or none", settings_.smtp_user.empty() ? "none" : settings_.smtp_user);
    if (!user) return false;
    if (*user == "none") {
      drop_mail_account();
      return true;
    }
    const bool has_one = !settings_.smtp_password.empty();
    const std::optional<std::string> password = ports_.terminal.ask(
        "Its password, not shown" + (has_one ? " [" + std::string(one_there_is) + "]" : "") + ": ", true);
    if (!password) return false;
    Result<void> taken = take_setting("smtp_user", *user);
    const bool is_kept = has_one && password->empty();
    if (taken && !is_kept) taken = take_setting("smtp_password", *password);
    if (taken) return true;
    say("  " + terminal_safe(taken.error().message) + "; mail goes there without an account\n");
    drop_mail_account();
    return true;
  }

  void drop_mail_account() {
    settings_.smtp_user.clear();
    settings_.smtp_password.clear();
    drop("smtp_user");
    drop("smtp_password");
  }

  bool is_left(E164 number) const {
    const auto wish = std::ranges::find(wishes_, number, &Wish::number);
    return wish != wishes_.end() && wish->role == Role::leave;
  }

  /// As ask_way().
  std::optional<bool> ask_alert_sender() {
    const auto first = std::ranges::find(wishes_, Role::leave, &Wish::role);
    if (first == wishes_.end() && !settings_.failsafe_sender) {
      say("  No number of the account is left to text from.\n");
      return false;
    }
    const std::string usual = settings_.failsafe_sender ? settings_.failsafe_sender->text() : first->number.text();
    const bool is_answered = ask_until("Texts come from", usual, [this](const std::string& value) -> Result<void> {
      const Result<E164> number = E164::parse(value);
      if (!number) return std::unexpected(number.error());
      if (!is_left(*number) && settings_.failsafe_sender != *number) {
        return invalid("it must be a number of the account that was left");
      }
      return take_setting("failsafe_sender", value);
    });
    return is_answered ? std::optional(true) : std::nullopt;
  }

  bool has_reached(AlertWay way) {
    say("A test alert is sent there now.\n");
    Result<void> sent = ports_.test_alert(settings_, way);
    if (sent) {
      say("It was taken: look whether it has arrived.\n");
      return true;
    }
    say("  It was not taken: " + terminal_safe(sent.error().message) + "\n");
    return false;
  }

  /// As it was before this conversation.
  void put_back(AlertWay way) {
    copy_way(way, before_, settings_);
    for (const std::string_view name : settings_of(way)) put_back(name);
  }

  void put_back(std::string_view name) {
    drop(name);
    for (const std::string& each : {std::string(name), std::string(name) + "_file"}) {
      if (const auto was = values_before_.find(each); was != values_before_.end()) values_.insert(*was);
    }
  }

  void forget(AlertWay way) {
    copy_way(way, Settings{}, settings_);
    for (const std::string_view name : settings_of(way)) drop(name);
    if (way != AlertWay::text) return;
    // Callers of numbers that nobody registered are texted from it too.
    settings_.failsafe_sender = before_.failsafe_sender;
    put_back("failsafe_sender");
  }

  // --- doing --------------------------------------------------------------------------------------

  /// The file of its own that a secret goes to; empty: it is none.
  std::optional<std::filesystem::path> secret_file(std::string_view name) const {
    const SettingSpec* spec = spec_of(name);
    if (spec == nullptr || !spec->is_secret) return std::nullopt;
    return std::filesystem::absolute(config_).string() + "." + std::string(name);
  }

  bool agree() {
    if (!would_start()) return false;
    say("\nThis will be done:\n");
    say("  " + config_.string() + " is written, for no stranger to read\n");
    for (const auto& [name, value] : values_) {
      if (const auto file = secret_file(name))
        say("  " + file->string() + " is written, for no stranger to read\n");
    }
    for (const Wish& wish : wishes_) {
      if (wish.role == Role::leave) continue;
      say("  " + wish.number.text() + " becomes " + what_of(wish) + "\n");
    }
    say("The numbers' webhooks at the carrier come after that, and are shown first.\n");
    say_what_the_environment_holds();
    return consent("Do it?").value_or(false);
  }

  bool would_start() {
    const Result<void> checked = ports_.check(values_);
    if (checked) return true;
    say("\nThe service would not start with these settings:\n");
    std::string_view rest = checked.error().message;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      say("  " + terminal_safe(line) + "\n");
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    return false;
  }

  void say_what_the_environment_holds() {
    for (const auto& [name, value] : in_environment_) {
      const SettingSpec* spec = spec_of(name);
      if (spec == nullptr) continue;
      const auto asked = values_.find(name);
      if (asked != values_.end() && asked->second != value) {
        say("Take " + environment_name(*spec) + " out of the environment: it would hold instead of the file.\n");
      } else if (spec->is_secret && !is_in_file(name)) {
        say("The service needs " + environment_name(*spec) +
            " in its environment as well: the file does not say it.\n");
      }
    }
  }

  static std::string what_of(const Wish& wish) {
    switch (wish.role) {
      case Role::business:
        return "a number of " + terminal_safe(wish.business) + ", whose owner has " + wish.owner_phone;
      case Role::sign_up:
        return "the number where owners sign up";
      case Role::spare:
        return "a spare number";
      case Role::leave:
        break;
    }
    return "nothing else";
  }

  void fail(const std::string& what, const std::string& why) {
    is_whole_ = false;
    say(what + ": " + terminal_safe(why) + "\n");
  }

  void write_settings() {
    std::string text = "# Written by jobrun setup. Every setting: docs/SETTINGS.md, jobrun settings.\n";
    for (const SettingSpec& spec : setting_specs()) {
      const std::string name(spec.name);
      if (const auto kept = values_.find(name + "_file"); spec.is_secret && kept != values_.end()) {
        text += name + "_file = " + toml_string(kept->second) + "\n";
      }
      const auto value = values_.find(name);
      if (value == values_.end()) continue;
      const auto file = secret_file(name);
      if (!file) {
        text += name + " = " + toml_string(value->second) + "\n";
        continue;
      }
      if (const Result<void> written = ports_.write(*file, value->second + "\n"); !written) {
        return fail(file->string() + " was not written", written.error().message);
      }
      text += name + "_file = " + toml_string(file->string()) + "\n";
    }
    if (const Result<void> written = ports_.write(config_, text); !written) {
      return fail(config_.string() + " was not written", written.error().message);
    }
    say(config_.string() + " is written.\n");
  }

  /// The answer's result; empty: it failed, and that was said.
  std::optional<json> change(const std::string& what, json request) {
    const json answer = ports_.ask(settings_, std::move(request), true);
    if (answer.contains("result")) return answer.at("result");
    fail(what + " was not added", answer.at("error").value("message", "for a reason not told"));
    return std::nullopt;
  }

  /// The business that an earlier run has added.
  std::optional<json> client_there(const Wish& wish) {
    json after = 0;
    while (after.is_number()) {
      const json answer =
          ports_.ask(settings_, {{"op", "clients.list"}, {"after", std::move(after)}, {"limit", 10'000}}, false);
      if (!answer.contains("result")) return std::nullopt;
      const json& page = answer.at("result");
      for (const json& client : page.at("clients")) {
        if (client.at("name") == wish.business && client.at("phone") == wish.owner_phone) return client.at("id");
      }
      after = page.at("next");
    }
    return std::nullopt;
  }

  /// The business's id; empty: it could not be added, and that was said.
  std::optional<json> add_client(const Wish& wish) {
    const std::string name = terminal_safe(wish.business);
    if (const std::optional<json> id = client_there(wish)) {
      say("client " + id->dump() + " is there already: " + name + "\n");
      return id;
    }
    const std::optional<json> client =
        change(name, {{"op", "clients.add"}, {"name", wish.business}, {"phone", wish.owner_phone}});
    if (!client) return std::nullopt;
    say("client " + client->at("id").dump() + " added: " + name + "\n");
    return client->at("id");
  }

  void add_numbers() {
    for (Wish& wish : wishes_) {
      if (wish.role == Role::leave) continue;
      json request = {{"op", "numbers.add"}, {"number", wish.number.text()}};
      if (wish.role == Role::spare) request["available"] = true;
      if (wish.role == Role::sign_up) request["role"] = "onboarding";
      if (wish.role == Role::business) {
        const std::optional<json> id = add_client(wish);
        if (!id) continue;
        request["role"] = "operational";
        request["client_id"] = *id;
        wish.client = ClientId{id->get<std::int64_t>()};
      }
      if (change(wish.number.text(), std::move(request))) say(wish.number.text() + " added\n");
    }
  }

  void set_webhooks() {
    const Result<doctor::Expected> expected = ports_.expected(settings_);
    if (!expected) return fail("The webhooks were not looked at", expected.error().message);
    const doctor::CarrierFacts facts = desk_->list_numbers(ports_.clock);
    const AccountFacts account = desk_->look_at_account();
    const auto* list = std::get_if<CarrierNumberList>(&facts.answer);
    if (list == nullptr || !account.services) {
      return fail("The webhooks were not looked at", "the carrier did not tell: jobrun doctor --fix");
    }
    const doctor::Plan plan =
        doctor::plan_changes(*list, *expected, *account.services, settings_.voice_fallback_url);
    if (plan.changes.empty() && plan.left_alone.empty())
      return say("\nThe numbers' webhooks are right already.\n");
    say("\nAt the carrier:\n" + render_plan(plan));
    if (plan.changes.empty()) return;
    if (!consent("Set these?").value_or(false))
      return say("They were not set: jobrun doctor --fix does it later.\n");
    for (const Deed& deed :
         carry_out(plan, *desk_, ports_.clock, [this](const Deed& told) { say(render_deed(told)); })) {
      const bool is_set = std::holds_alternative<WebhooksSet>(deed.answer) || deed.is_found.value_or(false);
      is_whole_ = is_whole_ && is_set;
    }
  }

  /// A number that can send a test text, and whose it is.
  struct TestSender {
    E164 number;
    FactScope scope;
  };

  std::optional<TestSender> test_sender() const {
    if (settings_.failsafe_sender) return TestSender{*settings_.failsafe_sender, FactScope::of(std::nullopt)};
    const auto business = std::ranges::find(wishes_, Role::business, &Wish::role);
    if (business == wishes_.end() || !business->client) return std::nullopt;
    return TestSender{business->number, FactScope::of(business->client)};
  }

  void offer_test_text() {
    const std::optional<TestSender> sender = test_sender();
    if (!sender) return;
    const std::optional<std::string> phone =
        question("\nA test text costs as much as one text. The phone that gets it, from " + sender->number.text() +
                     ", or none",
                 "none");
    if (!phone || *phone == "none") return;
    const Result<E164> number = E164::parse(*phone);
    if (!number) return say("  No test text was sent: " + terminal_safe(number.error().message) + "\n");
    const Result<void> sent = ports_.test_text(settings_, sender->scope, sender->number, *number);
    if (!sent) return fail("The test text was not taken", sent.error().message);
    say("The carrier has taken it: look whether it has arrived.\n");
  }

  void say_what_is_next() {
    const std::string with_config = " --config " + config_.string();
    if (!is_whole_) say("\nNot all of it was done. When the cause is mended, run this again.\n");
    say("\nNext:\n");
    if (ports_.is_served(settings_)) {
      say("  restart the service: it works with the settings of its start\n");
    } else {
      say("  jobrun serve" + with_config + "      (as a service: docs/OPERATIONS.md, Put it into service)\n");
    }
    say("  jobrun doctor" + with_config +
        "     looks whether everything is in place\n"
        "  call the number, and do not answer: the caller is texted\n");
  }

  const SetupPorts& ports_;
  std::filesystem::path config_;
  Settings settings_;
  FileSettings values_;  ///< for the file
  FileSettings in_environment_;
  Settings before_ = settings_;
  FileSettings values_before_ = values_;
  std::map<std::string, std::string, std::less<>> known_;  ///< numbers of the database with their roles
  std::unique_ptr<CarrierDesk> desk_;
  NumbersAnswer facts_;
  std::vector<Wish> wishes_;
  bool is_whole_ = true;
};

}  // namespace

SetupEnd run_setup(const SetupPorts& ports, SetupOptions options) {
  return Conversation(ports, std::move(options)).run();
}

}  // namespace jobrun::app
