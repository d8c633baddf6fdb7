// What texts say besides the job: how urgent it is, thanks, questions, that it is the wrong number.
#include <array>

#include "intake_vocabulary.hpp"

namespace jobrun::conversation {
namespace {

constexpr std::array rows = {
    SenseRow{
        Sense::at_once,
        "asap, asp, aspa, a s a p, asap pls, as soon as possible, soon as possible, soonest, as soon as, quick "
        "as, as quick as, as quickly as, as fast as, soon as poss, soon as you can, emergency, emergancy, "
        "emergincy, emrgency, emergencies, urgent, urgently, urgant, urgnt, urgent help, immediately, immediatly, "
        "imediately, at once, right away, right now, straight away, straightaway, now please, now pls, now plz, "
        "please now, need someone now, come now, here now, come right, please come, plz come, pls come, come "
        "quick, come quickly, come fast, quick as possible, quickest, earliest, hurry, please hurry, pls hurry, "
        "hury, be quick, quickly please, quick please, quick pls, help, help me, sos, mayday, 911, 999, locked "
        "out, locked in, lock out, lockout, locked us out, locked myself out, locked me out, locked himself, "
        "locked herself, shut myself out, stuck outside, stood outside, standing outside, any min, any minute, "
        "first available, next available, instantly, pronto, desperate, desperately, stat, urgente, urgencia, "
        "urge, emergencia, ahora mismo, cuanto antes, lo antes posible, rapido, ya mismo, inmediatamente, "
        "enseguida, ayuda, socorro, auxilio, pilne, pilnie, pilna, natychmiast, szybko, jak najszybciej, od razu, "
        "teraz, zaraz, pomocy, ratunku, awaria, urgent, urgence, vite, tout de suite, immediatement, au plus "
        "vite, des que possible, le plus vite, rapidement, au secours, aidez moi, en urgence, sofort, dringend, "
        "notfall, schnell, so schnell, hilfe, eilig, urgentemente, subito, prima possibile, aiuto, emergenza, ja, "
        "imediatamente, ajuda, o mais rapido, urgenta, imediat, repede, ajutor, cat mai repede, <alarm>"},
    SenseRow{Sense::no_hurry,
             "no rush, no hurry, not urgent, isnt urgent, not an emergency, nothing urgent, not in a rush, not in "
             "a hurry, in no rush, in no hurry, no panic, no urgency, no great rush, no massive rush, no real "
             "rush, not a rush, not rushed, not desperate, isnt an emergency, aint urgent, non urgent, nonurgent, "
             "no biggie, whenever, when ever, when you can, when u can, when you get chance, when you get a "
             "chance, when you have time, when youre free, when ur free, when you are free, when suits, when "
             "convenient, at your convenience, at some point, some point, some time, sometime, some day, someday, "
             "one day, can wait, in your own time, take your time, eventually, no particular time, flexible, im "
             "flexible, low priority, anytime, any time, sin prisa, no es urgente, no corre prisa, no hay prisa, "
             "cuando pueda, cuando puedan, cuando puedas, nie spieszy, nie pilne, niepilne, nie jest pilne, bez "
             "pospiechu, kiedy pan moze, kiedy bedzie, kiedys, pas presse, pas urgent, rien d urgent, quand vous "
             "pouvez, quand vous voulez, pas pressee, pas de presse, sans urgence, keine eile, nicht dringend, "
             "hat zeit, wann immer, senza fretta, non urgente, non e urgente, quando puo, sem pressa, nao e "
             "urgente, quando puder, nu e urgent, fara graba, cand puteti"},
    SenseRow{
        Sense::thanks,
        "thanks, thank, thank you, thankyou, thx, thnx, thks, thanx, tks, ty, tysm, ta, cheers, chers, cheerz, "
        "appreciated, appreciate it, great, perfect, brilliant, brill, lovely, super, fab, fantastic, excellent, "
        "awesome, wonderful, amazing, nice one, nice, good, ok, okay, okey, oki, okie, k, kk, okk, alright, cool, "
        "sound, sounds good, no problem, no worries, np, no probs, no bother, fine, got it, noted, understood, "
        "will do, see you, see u, see ya, cya, speak soon, talk soon, bless you, legend, star, top man, deal, "
        "done, great job, will wait, much obliged, gracias, muchas gracias, vale, perfecto, genial, de acuerdo, "
        "muy amable, dziekuje, dzieki, dziekujemy, super, do zobaczenia, swietnie, dobrze, okej, merci, parfait, "
        "d accord, super, entendu, genial, c est note, a bientot, danke, vielen dank, super, grazie, perfetto, va "
        "bene, obrigad*, perfeito, multumesc, mersi, perfect, dank je, tesekkurler, spasibo, <thanks>"},
    SenseRow{Sense::greeting,
             "hi, hello, hey, hiya, heya, yo, hullo, hallo, helo, good morning, good afternoon, good evening, "
             "goodmorning, morning, afternoon, evening, dear, sir, madam, mate, love, hun, pal, buddy, bro, dude, "
             "guys, there, please, pls, plz, plse, sorry, so much, very much, you, again, then, for that, for "
             "your help, for letting me know, for the reply, for getting back, for text, for the text, all, a "
             "lot, a million, loads, many, hola, buenos dias, buenas tardes, buenas noches, buenas, buen dia, por "
             "favor, dzien dobry, czesc, witam, dobry wieczor, hej, prosze, bonjour, bonsoir, salut, svp, s il "
             "vous plait, beaucoup, guten tag, hallo, bitte, guten morgen, ciao, buongiorno, buonasera, per "
             "favore, ola, bom dia, boa tarde, boa noite, buna, buna ziua, va rog"},
    SenseRow{
        Sense::call_me,
        "call me, ring me, phone me, call back, ring back, callback, ringback, phone back, phone us, call us, "
        "ring us, call my, give me a call, give us a call, give me a ring, give us a ring, give me a bell, give "
        "us a bell, give me a buzz, give us a buzz, bell me, buzz me, dial me, ring my, call when, ring when, "
        "call please, please call, pls call, plz call, please ring, pls ring, please phone, rather talk, rather "
        "speak, prefer to speak, prefer to talk, prefer a call, speak to someone, speak to a, speak to a human, "
        "talk to someone, talk to a, talk to a person, want to talk, need to talk, need to speak, like to speak, "
        "can we talk, can we speak, can you call, can you ring, can u call, can u ring, can you phone, could you "
        "call, could you ring, could you phone, can someone call, can someone ring, can someone phone, could "
        "someone call, could someone ring, would you call, get someone to call, get someone to ring, have someone "
        "call, have him call, have her call, get him to, tried calling, try me on, reach me on, reach me at, "
        "contact me, get back to me, me a call, me a ring, me a shout, me a bell, return my call, tel me, "
        "llameme, llamame, llamenme, me llame, me llama, me puede llamar, me pueden llamar, puede llamarme, "
        "pueden llamarme, llamar, prosze o telefon, prosze zadzwonic, zadzwon, zadzwonic, oddzwon*, prosze "
        "dzwonic, rappelez, rappeler, appelez moi, appeler, rappelle*, m appeler, rufen sie, ruckruf, "
        "zuruckrufen, anrufen, rufen, mi chiami, chiamami, richiam*, me ligue, me liga, ligue me, ligar, sunati "
        "ma, sunati, suna ma, <phone>"},
    SenseRow{Sense::price,
             "how much, hw much, howmuch, what do you charge, do you charge, what does it cost, what would it "
             "cost, what will it cost, whats it cost, what do u charge, what would you charge, call out fee, "
             "callout fee, call out charge, callout charge, hourly rate, rates, your rate, day rate, ballpark, "
             "ball park, rough price, rough idea, rough cost, what price, what sort of price, roughly cost, cost "
             "to, cost of, costs, whats the cost, whats the price, cuanto cuesta, cuanto cobra*, cuanto vale, "
             "cuanto sale, cuanto seria, que precio, ile kosztuje, ile bierz*, ile to, jaki koszt, jaka cena, ile "
             "za, ile by, combien, quel est le prix, quel prix, vos tarifs, tarif, tarifs, was kostet, wie viel, "
             "wieviel, quanto costa, quanto viene, quanto custa, quanto cobra*, cat costa, cat e, price list, vat "
             "on, is there vat, discount, finance"},
    SenseRow{Sense::asks,
             "do you do, do u do, do you fix, do you fit, do u fit, do you cover, do u cover, do you work, do u "
             "work, do you repair, do you install, do you service, do you offer, do you take, do you accept, do "
             "you have, do you guys, do you also, do you still, do you deal, do you handle, do you sell, do you "
             "supply, do you clean, do you come, do you go, do you travel, do you charge, do you give, do you "
             "provide, do you speak, do yous, do you ever, do you only, do you need, do u, do ya, are you open, "
             "are u open, are you available, are you free, are you gas safe, are you registered, are you insured, "
             "are you licensed, are you guys, are you local, are you able, are you qualified, are you certified, "
             "are you still, are you working, are you based, are you near, what time, what times, what hours, "
             "what days, what are your, whats your, what area, what areas, which areas, how long, how soon, how "
             "quickly, how far, is there a, is it possible, is that, is it ok, is it safe, when are you, when "
             "could you, where are you, can i pay, can i book, what kind, what sort, what do you, what is your, "
             "would you be able, how do i, how does, can you do, can u do, do your, is your, did you, are your, "
             "hacen, hacen ustedes, trabajan, atienden, abren, aceptan, tienen, que horario, a que hora, czy "
             "robi*, czy pan*, czy macie, czy wy*, czy obslug*, czy dojezd*, czy przyj*, czy mozna, czy zajm*, w "
             "jakich, faites vous, est ce que, vous faites, intervenez vous, etes vous, acceptez vous, prenez "
             "vous, machen sie, haben sie, fate, lavorate, fazem, trabalham, faceti, aveti"},
    SenseRow{
        Sense::wrong_number,
        "wrong number, wrong no, wrong num, wrong person, wrong nr, rong number, wrng number, worng number, "
        "misdial, misdialed, misdialled, dialled wrong, dialed wrong, pocket dial, pocket dialled, pocket dialed, "
        "butt dial, butt dialed, bum dial, i didnt call, i didnt ring, didnt call you, didnt ring you, didnt "
        "phone, never called, never rang, never phoned, havent called, havent rung, i did not call, not me, wasnt "
        "me, dont know you, didnt mean to call, didnt mean to ring, called by mistake, rang by mistake, by "
        "mistake, by accident, accidental call, accidentally, who you think, not who you, kids playing, toddler "
        "pressed, numero equivocado, me equivoque, equivocado, equivocada, no he llamado, no llame, zly numer, "
        "pomylka, pomylony, nie ten numer, nie dzwonil*, mauvais numero, faux numero, erreur de numero, trompe de "
        "numero, pas appele, n ai pas appele, me suis trompe, falsche nummer, falsch verbunden, verwahlt, numero "
        "sbagliato, sbagliato numero, numero errado, engano, foi engano, gresit numarul, numar gresit, am gresit"},
    SenseRow{
        Sense::cancelled,
        "no longer need, no longer needed, no longer required, no longer want, dont need, dont need you, not "
        "needed, not need, dont need anyone, dont need anymore, dont need it, wont need, cancel, cancell, cancal, "
        "canceled, cancelled, cancelling, canceling, call it off, sorted now, its sorted, all sorted, sorted it, "
        "got sorted, is sorted, been sorted, sorted thanks, sorted ta, sorted cheers, got it sorted, got that "
        "sorted, already sorted, now sorted, already fixed, already got someone, got someone else, found someone, "
        "found somebody, someone else is, somebody else, got somebody, had it done, already done, all done, done "
        "now, dont bother, dont worry about it, never mind, nevermind, nvm, ignore my, ignore that, ignore last, "
        "ignore me, disregard, forget it, forget about, changed my mind, changed our mind, fixed itself, fixed "
        "it, managed to fix, its working now, working again now, is working again, working again, its working "
        "again, back on now, came back on, its fixed, all good now, its ok now, ok now, went with someone, going "
        "with someone, hired someone, booked someone, stand down, ya no hace falta, ya no necesito, ya no lo "
        "necesito, ya no, cancelar, cancele, ya esta arreglado, ya lo arregl*, ya esta solucionado, solucionado, "
        "juz nieaktualne, nieaktualne, juz nie trzeba, nie trzeba, juz naprawion*, odwoluje, odwolac, rezygnuj*, "
        "anuluj*, plus besoin, n ai plus besoin, annuler, annulez, j annule, c est repare, c est regle, probleme "
        "regle, laissez tomber, hat sich erledigt, erledigt, nicht mehr notig, absagen, non serve piu, non ho piu "
        "bisogno, annullare, risolto, ja nao preciso, ja nao e preciso, resolvido, nu mai e nevoie, nu mai este "
        "nevoie, s a rezolvat, anulez"},
    SenseRow{
        Sense::chatter,
        "who is this, whos this, who are you, who dis, who r u, is this a robot, are you a robot, is this a bot, "
        "are you a bot, is this real, stop, unsubscribe, happy christmas, merry christmas, happy new year, left a "
        "message, left message, already left, lol, haha, hahaha, what, pardon, huh, test, testing, any news, any "
        "update, you there, anyone there, quien es, quien eres, kto to, kto mowi, qui est ce, c est qui, wer ist "
        "das, wer sind sie, chi sei, chi e, quem e, cine e, cine este, got your message, saw your van, on my way"},
    SenseRow{
        Sense::wants_work,
        "can you fix, can u fix, can you repair, can you come, can u come, can you look, can you sort, can you "
        "quote, can you replace, can you install, can you unblock, can you send, can you get, can you help, could "
        "you quote, could you come, could you fix, could you look, could you repair, can someone, can anyone, can "
        "somebody, could someone, quote for, a quote, quote please, quote pls, price for, price on, estimate for, "
        "an estimate, need, needs, needing, want, wanted, wants, looking for, looking to, would like, id like, "
        "get someone, send someone, please fix, plz fix, pls fix, puede venir, necesito, presupuesto, "
        "necesitamos, quiero, potrzebuj*, prosze o wycene, czy moze pan przyjsc, devis, besoin, pouvez vous "
        "passer, pouvez vous venir, brauche, brauchen, ho bisogno, preciso, am nevoie"},
    SenseRow{
        Sense::blocked,
        "blocked, block, blockage, blocking, blokked, bloked, blcoked, clogged, clog, clogging, cloged, plugged, "
        "backed up, backing up, backs up, slow, slowly, draining, drain slow, drains slow, wont drain, not "
        "draining, doesnt drain, isnt draining, wont go down, not going down, gurgling, gurgles, gurgle, unblock, "
        "unblocking, unblocked, unclog, unclogged, bunged, bunged up, stopped up, choked, filled up, fills up, "
        "hair, standing water, atascad*, tapad*, obstruid*, atasco, atranc*, zatkan*, zapchan*, przytkan*, "
        "zapycha*, nie splywa, niedrozn*, bouche, bouchee, bouches, engorge, obstrue*, s ecoule, evacue, "
        "verstopft, lauft nicht ab, intasat*, otturat*, entupid*, infundat*, infundata, backup, stinks, smells"},
    SenseRow{Sense::fitting,
             "new, fit, fitted, fitting, install, installed, installation, installing, refit, refitting, "
             "renovate, renovating, renovation, remodel, remodeling, remodelling, redo, redone, refurb, "
             "refurbish, refurbishment, rip out, ripping out, rip, replace, replacing, replacement, revamp, "
             "makeover, update, updating, upgrade, extension, quote for, quote on, design, done up, doing up, "
             "nuevo, nueva, reformar, reforma, renovar, nowa, nowy, remont, remontu, nouvelle, refaire, renover, "
             "renovation, neue, neues, nuovo, nuova, ristruttur*, nova, remodelar, renovare"},
};

}  // namespace

std::span<const SenseRow> talk_rows() {
  return rows;
}

std::string_view common_words() {
  return "about above after again against ages ago all almost already also always and another any anybody anyone "
         "anything anyway are area around ask asked away back bank base basic bath beach bean bear beat bed been "
         "before begin behind being bell below best better between bill birds bite black blame blank block blood "
         "blow blue board boat body boil boiled bolt bone book boots born borrow boss both bottom bought bowl box "
         "boy boys brain brand brass bread breaks breath brick bridge bright bring broad brother brought brown "
         "brush build builder building built bulbs bunch bus business busy but button buy buying call called "
         "calling calls came can card care careful carry case cash cat catch caught cause cent central centre "
         "center chain chair chance change changed cheap check checked cheese chief child choice choose church "
         "city class clean clear clearly clock close closed cloth clothes club coat coffee coin come comes cold "
         "college colour color common company complete contact cook cool copy corner cost could count country "
         "couple course court cover covered crack crash cream cross crowd cry cup cupboard curtain customer cut "
         "cycle daily dance dark date daughter day days dead deal dealt dear death deck deep delay delivery desk "
         "detail did die diff different difficult dinner dirt dirty dish distance does dog dogs doing done door "
         "double doubt down draft draw drawer dream dress drink drive driver driving drop dropped dry due dust "
         "each early earth ease east easy eat edge eight either else empty end engine enough enter entire equal "
         "error even evening ever every everyone everything exact exactly except exit expect expensive explain "
         "extra eye face fact fair fairly fall false family fan far farm fast fault feed feel feeling feels feet "
         "fell felt few field fifth fight figure file fill final find fine finger finish finished first fish fit "
         "five fix flash flat flats floor floors flow flower flowers fly fold follow food foot for force forget "
         "form forward found four frame free fresh friend friends from front fruit fuel full fully fun funny game "
         "garage garden gave get gets getting girl give given giving glad glass goes going gold gone good got "
         "grand grass great green grey ground group grow guess guest guests guide guy guys had hair half hall "
         "hand handle hang hanging happen happened happy hard hardly has hate have having head hear heard hearing "
         "heart heavy height hello help her here high hill him himself his hit hold holding hole holes holiday "
         "home honest hope hoping horse hose host hour hours house how however huge human hundred hung hurt "
         "husband idea ideal important inch inside instead into invoice iron issue issues its itself jack job "
         "jobs join joint just keep keeps kept keys kick kids kill kind kitchen knee knew knock know known lack "
         "lad ladder lady laid lake land landlord lane large last late later laugh law lawn lay lead leaf lean "
         "leap learn least leave leaves left legs less let letter level life lift light like liked line list "
         "listen little live lived lives living local locate lock long look looked looking looks lose loss lost "
         "lot lots loud love low luck lunch made mail main make makes making man manage managed many mark market "
         "match matter may maybe mean means meant meet men mess message met middle might mile miles milk mind "
         "mine minute minutes miss missed missing mistake moment money month months more morning most mother "
         "mouth move moved moving much mum music must myself name near nearly neat neck need needed needs "
         "neighbour neighbours never new next nice night nine noise noisy none normal north nose not note nothing "
         "notice now number off offer office often oil old once one only onto open opened opening order other "
         "others our out outside oven over own owner pack page paid pain paint pair pan paper parcel park parking "
         "part party pass passed past path pay paying people per perfect person phone photo photos pick picked "
         "picture piece pieces place places plan plane plant plants plastic plate play please plenty plus point "
         "pole police poor porch position possible post pound pour power pretty price print private probably "
         "problem problems proper properly property pull pulled purple push put quarter question quick quickly "
         "quiet quite race radio rain raised ran range rate rather reach read reading ready real really reason "
         "recent recently record red remember remove rent rental replace reply report rest result return rich "
         "ride right ring rise river road room rooms rough round row rub rubbish rule run runs sad safe said sail "
         "sale salt same sand sat saw say saying says scared school screen sea seal seat second see seem seems "
         "seen self sell send sense sent serious served service set seven several shall shape share sharp she "
         "shed sheet shelf shell shift shine ship shirt shoe shoes shop short should shout show showed showing "
         "shown shut sick side sign silly similar simple since single sister sit site sitting six size skin sky "
         "slab sleep slide slim slip small smart smile snow soap sofa soft soil sold solid some somebody someone "
         "something sometimes somewhere son song sorry sort sound south space spare speak special speed spell "
         "spend spoke spoken spot spring square stage stain stair stairs stand standing star start started starts "
         "state station stay steam steel step still stick sticks stock stone stood stop store storm story "
         "straight strange street string strip strong stuff style such sudden suddenly sugar suit suits summer "
         "sun sunny sure surface swap sweet swim table take taken takes taking talk tall task taste taxi team "
         "tell ten tenant tend tent term test than thank that the their them then there these they thick thin "
         "thing things think third this those though thought thousand three through throw ticket tie tight till "
         "time times tiny tip tired today toe together told tomorrow tonight too took tool tools tooth top total "
         "touch tough towards towel tower town toy track trade train travel treat tree tried trip trouble truck "
         "true try trying turn turned turns twice two type under until unit upon upper upset use used useful user "
         "usual usually valley value van very view visit voice wait waiting walk wall walls want wanted warm was "
         "wash waste watch watching way wear weather week weekend weeks weird well went were west what wheel when "
         "where whether which while white who whole why wide wife wild will wind wine wing winter wire wise wish "
         "with within wonder wood wooden word words work worked worker working works world worry worse worst "
         "worth would write wrong yard year years yellow yes yesterday yet you young your yours yourself zone "
         "waiter rates steak peaked spoke spikes smacks shack shake stocks socks flows flour bloom blood brood "
         "spicy spade shock sparse spank sparkly dread bread broken cheque chimney caller fellow farther lather "
         "mover moved hoover hover lover rover cover hovering parking marking barking barn burned bored bursar "
         "curtains currents parks spar park sparks gate gates grass glass glue gown grow booted boots pours tours "
         "yours hours fours sours tiler tiles toilet tablet outlets outfit order odder older elder folder holder "
         "holding welding wedding bedding heading hearing herring leading reading dealing sealing feeling healing "
         "leaning leaping learning lending letting lighting listing smelling smiling spelling selling shelling "
         "gasp gash gasoline wrote front fence fencing fitted filter filters cat cats boots filled fuller filler "
         "miller killer hire fired tired wired hired scare scarf smart snoke snack snap drains drawing drains "
         "draws dream brains trains strains cleaned cleaner cleaners boiling toiling coiling tailing failing "
         "mailing sailing nailing railing shelving painted painting panting printing pointing planting quote "
         "quoted quotes sorted sorting sporting starting staring string strung spring sprung ironing coming "
         "homing roaming booming dooming flows floored flooring flooded floating blooming brand branch brunch "
         "crunch bench beach peach teach reach ranch match watch patch catch hatch latch batch stitch ditch pitch "
         "which witch ready lady baby babe bays boys buys guys toys cost coast coats costs cases causes cares "
         "cards cords un una uno los las del por para con que como muy mas bien todo esta este esto estoy hay "
         "tengo tiene donde cuando porque sobre hace desde hasta casa piso puerta nuestra nuestro mi su se lo la "
         "el en de al si jest sie jak mam tak dla tylko przy pod nad juz byl byla jeszcze moze prosze pan pani "
         "moj moja mnie dom domu mieszkanie ktos cos le la les des une dans sur avec pour chez mon ma mes est "
         "sont avons avez bien tout tous cette depuis encore peut fait faire vous nous der die das ein eine und "
         "ist bei mit wir ich haben hat kann bitte noch auch nach auf aus von il lo gli una per con che mia mio "
         "casa molto sono ho abbiamo um uma os as meu minha tem muito estou temos pode nao sim este am avem la cu "
         "pe mea meu";
}

}  // namespace jobrun::conversation
