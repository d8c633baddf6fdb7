// The words of danger, by sense. English first, British and American; then Spanish, Polish, French, German,
// Italian, Portuguese and Romanian. Without accents, as `fold` leaves them; common misspellings of short words
// stand here, those of long ones are found by closeness.
#include <array>

#include "intake_vocabulary.hpp"

namespace jobrun::conversation {
namespace {

constexpr std::array rows = {
    // Denial and time
    SenseRow{Sense::no,
             "no, not, non, none, nothing, without, w o, never, neither, nor, isnt, arent, wasnt, werent, aint, "
             "hasnt, havent, nae, zero, nie, brak, bez, sin, ningun, ninguna, nunca, pas, sans, aucun, aucune, "
             "plus de, kein, keine, keinen, nicht, ohne, nessun, nessuna, nessuno, senza, nao, fara, sem, <no>"},
    SenseRow{Sense::cannot,
             "cant, cannot, can not, couldnt, could not, wont, will not, doesnt, does not, dont, do not, didnt, "
             "did not, unable, wouldnt, would not, nie moge, no puedo"},
    SenseRow{Sense::no_denial,
             "not sure, not certain, not only, not just, not joking, not kidding, not long, not happy, not good, "
             "no idea, no clue, no joke, no one, no answer, no doubt, not being funny, not safe, not normal, not "
             "right, not sleeping, no luck, no response, not working, isnt working, no good, not coming on, not "
             "slowing, not draining, not urgent, no rush, no puedo, nothing works, nothing helps, nothing stops, "
             "not helping, not coping, not holding, no use, not had, no heat, no heating, no hot water, no power, "
             "no light, no lights, no electric, no electricity, no agua, nie moge, nie da, nie mozna, no para, no "
             "deja, never ending, never stops, wasnt me, nie wiem, no se, n arrete pas"},
    SenseRow{Sense::past,

             "in 201*, in 202*, previous owner, previous owners, a while ago, last week we had, before we moved "
             "in, last year, years ago, year ago, months ago, month ago, weeks ago, last winter, last summer, "
             "last spring, last autumn, last fall, last month, last xmas, last christmas, in the past, long ago, "
             "ages ago, el ano pasado, hace anos, rok temu, lata temu, w zeszlym roku, l annee derniere, il y a "
             "un an, il y a deux ans, il y a longtemps, il y a des annees, letztes jahr, l anno scorso, few years "
             "back, years back, for years, dry for, in spring, in the spring, in summer, in the summer, in "
             "autumn, in the autumn, in the fall, over winter, 2019 storm, last storm"},
    SenseRow{Sense::still,

             "still, again, and now, now it, now theres, now there, now we, now i, now smells, now the, right "
             "now, at the moment, keeps, as we speak, just now, this minute, all over again, nadal, znowu, sigue, "
             "encore, toujours, noch, ancora, its chucking it down, its bucketing down, its lashing, its raining "
             "now, raining now, its running down, and its running, its coming in now, its pouring in"},
    SenseRow{Sense::resolved,

             "is fixed, now fixed, fixed now, been fixed, got fixed, was fixed, were fixed, fixed it, been "
             "repaired, was repaired, is repaired, got repaired, been sorted, is sorted, was sorted, all sorted, "
             "already fixed, already repaired, had it fixed, since been, made good, ya esta arreglad*, juz "
             "naprawion*, est reparee, repariert, false alarm, all good now, all fine now, all ok now, all sorted "
             "now, thanks for coming out, nothing got in, being repaired, being fixed, is being repaired, turned "
             "out to be, turns out to be, turned out it was, was only the, engineer checked and, checked and it "
             "was, checked and its"},
    SenseRow{
        Sense::harmless,
        // Gas
        "gas alarm, gas alarms, gas detector, gas sensor, garden hose burst, burst garden hose, paddling pool, "
        "overflow hole, overflow holes, waste pipe, waste pipes, soil pipe, soil pipes, drain pipe, drainpipe, "
        "overflow pipe, exhaust pipe, flue pipe, garden hose, hose reel, hose pipe, emergency light, emergency "
        "lights, emergency lighting, emergency call outs, emergency callouts, emergency call out, emergency exit, "
        "emergency stop, sparks electrical, sparks and co, chimney fire place, burnt out, burned out, from the "
        "flood, hospital appointment, gas safety, gas certificate, gas safe, gas cert, gas bill, gas bills, gas "
        "station, gas stations, gas pump, gas tank of, gas meter box, gas card, gas mileage, gas guzzler, gas "
        "line moved, gas check, gas engineer, gas fitter, gas man, gas barbecue, gas bbq, gas grill, gas money, "
        "gas and electric, gas tax, landlord gas, gas inspection, gas tightness, gas test, gas strut, gas struts, "
        "gas lift, out of gas, gas leak test, gas leak check, gas leak detector, gas mower, gas supply, gas "
        "supplier, certificado de gas, factura del gas, facture de gaz, rachunek za gaz, estacion de gas, "
        "przeglad gazowy, smells nice, smells lovely, smells great, smell the coffee, smells like heaven, musty "
        "smell, damp smell, smells damp, smells musty, "
        // Monoxide
        ", real headache, right headache, been a headache, giving me a headache, sick of, sick and tired of, sick "
        "to death, im sick of, "
        // Smoke and fire
        "smoke alarm, smoke alarms, smoke detector, smoke detectors, smoked glass, smoke damage, smoke damaged, "
        "smoke stain, smoke stained, smoke stains, smoker, smokers, smoke shop, no smoking, non smoking, smoking "
        "area, smoking shelter, smoke test, smoke test the, smoke and heat, chain smoking, old smoker, smoke "
        "machine, fire door, fire doors, fire alarm, fire alarms, fire place, fire pit, fire pits, fire "
        "extinguisher, fire extinguishers, fire exit, fire escape, fire stick, fire wood, fire surround, fire "
        "safety, fire risk, fire rated, fire retardant, fire panel, fire regs, fire blanket, fire insurance, fire "
        "tv, fire stopping, fire proof, fire sale, spark plug, spark plugs, sparking clean, bright spark, "
        "ignition spark, spark ignition, flame effect, flame failure, flame fault, flame out, flame sensor, flame "
        "loss, flame rod, flame proof, old flame, pilot flame, flame grilled, flame retardant, no flame, burning "
        "question, burning questions, wood burning, log burning, multi fuel burning, burning logs, burning wood, "
        "burning oil, burnt toast, burnt pan, burnt food, burned toast, burned food, burn mark, burn marks, burnt "
        "out bulb, burned out bulb, burnt orange, burning a hole, burning money, burnt out motor, burned out "
        "light, burnt my, burnt the dinner, burning the dinner, burning the midnight, heart burn, cigarette burn, "
        "iron burn, carpet burn, shocked at, shocked to, shock absorber, shock absorbers, shock price, shock to, "
        "in shock, shock of, a shock when i saw, shock at, shocking price, shocking service, shocking state, "
        "shocking job, shocking condition, shock proof, shocks and struts, shocks on, front shocks, rear shocks, "
        "shocking bill, fan belt, drive belt, timing belt, cam belt, dryer belt, drum belt, drum belt off, drive "
        "belt off, fan belt off, dryer belt off, belt sander, belt on, belt has, belt gone, conveyor belt, seat "
        "belt, belt snapped, "
        // Water
        "flood light, flood lights, flood lighting, flood lit, flooded with light, floods with light, flooded "
        "with sunlight, flooded the engine, flooded engine, flood defence, flood barrier, flood barriers, flood "
        "risk, flood proof, flood gate, flood gates, flood insurance, flood zone, flood damage, flood damaged, "
        "flooded with calls, flood alarm, flood sensor, years flood, after the flood, after flood, after a flood, "
        "since the flood, flood door, flood doors, flood plain, flood survey, flood warning, flood resilience, "
        "pouring with rain, pouring rain, pouring down, pouring down outside, pouring outside, raining, pour "
        "concrete, pouring concrete, poured concrete, concrete pour, pour a, pour the concrete, burst tyre, burst "
        "tire, burst ball, burst of, burst balloon, burst cushion, bursting to, overflow pipe, overflow pipes, "
        "overflow cover, overflow plug, overflow parts, overflow drips, overflow dripping, spraying weeds, spray "
        "weeds, spray paint, spray painting, spray painted, spray tan, spraying kitchen, spray for, pressure "
        "washing, water feature, water features, water butt, water butts, water softener, water filter, water "
        "meter, water fountain, water bill, water bottle, water cooler, water colour, waterfall feature, water "
        "slide, jet wash, jet washing, power jet, leak test, leak detection, leak sensor, leak free, stream "
        "lined, wet room, running toilet, rising damp, rising main, rising butt, water pressure, "
        // Heat and people
        "no hot water tap, no heat resistant, baby gate, baby gates, baby room, babys room, baby room, baby "
        "proof, baby proofing, stair gate, baby blue, baby grand, baby shower, baby monitor, disabled "
        "toilet, disabled ramp, disabled access, disabled bay, disabled bathroom, elderly friendly, old people "
        "home, freezing point, anti freeze, frost free, freeze frame, not freezing, fridge freezing, freezer, "
        "freezers, ill be, ill call, ill ring, ill send, ill text, ill let, ill try, ill do, ill get, ill have, "
        "ill need, ill pay, ill leave, ill wait, ill go, ill take, ill check, ill give, im out, ill speak, over "
        "heating, hospital wing, hospital radio, next to the hospital, near the hospital, by the hospital, "
        "opposite the hospital, hospital road, hospital street, "
        "breaker keeps popping, breaker popping, breaker pops, fuse keeps popping, house on fire anyway, "
        "like a house on fire, prices are on fire, is on fire lol, on fire lol, coupe feu, detektor dymu, "
        "czujka dymu, czujnik dymu, detecteur de fumee, detecteurs de fumee, detector de humo, detectores de "
        "humo, rauchmelder, flooding the market, flooding my inbox, heating wont turn off, heating wont go "
        "off, fence panel, fence panels, gate panel, on fire love the, says end, end on it, gas hob to be, "
        "gas hob swapped, gas hob for induction, wall panel, flush panel, waterfall tap, waterfall taps, "
        "waterfall shower, flooded in the, "
        "holes filling, filling holes, filling and skimming, wants filling, needs filling, filling and "
        "sanding, smoking at work, stopped smoking, quit smoking, gave up smoking, on fire lately, bulb "
        "blew, bulb has blown, bulb blown, bulb popped, bulb went, bulb gone, bulbs blew, sewer scope, sewer "
        "inspection, sewer camera, sewer cleanout, new knob, smoke them out, flooded main street, "
        "burglar alarm, burglar alarms, intruder alarm, house alarm, security alarm, alarm system, alarm "
        "code, alarm clock, car alarm, burnt the toast, burned the toast, a burst pipe would cost, would a "
        "burst pipe, "
        "burnt toast smell, toast smell, "
        "price shock, bill shock, sticker shock, owners smoked, smoked 40, smoked in, smoked like, smoked "
        "inside, culture shock, electric shock collar, about any flood, "
        "toilet wont stop running, running into the bowl, wasting water, toilet keeps running, scorched "
        "looking"},
    // Gas
    SenseRow{Sense::gas,

             "gazow*, ga leak, g a s, gas, gaz, gass, gase, gasss, gasy, gassy, gazz, gaze, gazu, gazem, gazie, "
             "propane, propan, propano, butane, butano, butan, lpg, methane, metano, metan, gpl, mercaptan, "
             "gaslike, gad, gqs, gsa, gaas, gas ssss, gaa"},
    SenseRow{Sense::gas_pipe,

             "yellow pipe, calor bottle, calor gas, tuberia del gas, tuberia de gas, tuyau du gaz, gas pipe, gas "
             "pipes, gas line, gas lines, gas main, gas mains, gas meter, gas bottle, gas cylinder, gas tank, gas "
             "hose, gas hob, gas cooker, gas oven, gas stove, gas valve, gas tap, gas regulator, gas range, gas "
             "connection, propane tank, gas supply pipe, tuberia de gas, tuyau de gaz, rura gazowa, rure gazowa, "
             "rury gazowej, gasleitung, gas feed, gas riser, gas spur, gas stub, gas stub out, gas cock, gas "
             "lateral, gas service, gas service pipe"},
    SenseRow{Sense::gas_appliance,
             "gas boiler, gas combi, gas water heater, gas central heating, gas heating, gas furnace, gas geyser, "
             "gas powered, gas radiator, gas fired, caldera de gas, chaudiere gaz, chaudiere a gaz, piec gazowy, "
             "piecyk gazowy, gastherme, caldaia a gas, gas system"},
    SenseRow{Sense::smell,

             "<nose>, wreak, wreaks, reak, reaks, honk, honks, honking, minging, humming of, scents, esmell, "
             "smelll, smelle, smellling, nosy, smell, smells, smelling, smelled, smelt, smelly, smel, smels, "
             "smeel, smeels, smeling, smelln, semll, sme, smellin, reek, reeks, reeking, reeked, stink, stinks, "
             "stinking, stinky, stench, stank, stunk, stinkin, whiff, whiffs, whiffy, wiff, waft, wafting, odor, "
             "odors, odour, odours, oder, aroma, pong, pongs, ponging, niff, niffs, scent, sniff, sniffed, huele, "
             "hule, oler, olor, olemos, oliendo, huelo, olia, guele, apesta, hiede, odeur, odeurs, sent le, sent "
             "du, ca sent, sens le, sens une, sens du, sentir, pue, puer, pachn*, smierdz*, czuc, czuje, czujemy, "
             "zapach, zapachu, smrod, wonia, smierd*, wyczuw*, geruch, riecht, riechen, rieche, riechts, stinkt, "
             "gestank, puzza, odore, sento, sentire, sa di, cheiro, cheira, cheirando, miros, mirosul, miroase, "
             "smell of, niffy, hum, hums, humming, whiffing, whiffed, rank, rotten smell, stench of, fragrance, "
             "taste"},
    SenseRow{Sense::escape,

             "on all night, on overnight, pumping out, spewing, pouring out, blowing, leak, leaks, leaking, "
             "leaked, leakage, leek, leeks, leeking, leking, laek, leack, lek, escape, escapes, escaping, "
             "escaped, hiss, hisses, hissing, hising, hissin, fumes, coming out, comes out, seeping, filling, "
             "filled, ruptured, rupture, left on, wont turn off, wont shut off, cant turn off, whooshing, blowing "
             "out, fuga, fugas, escape de, escapando, pierde, perdida, fuite, fuit, fuites, wyciek*, ulatnia*, "
             "uchodzi*, nieszczeln*, cieknie, perdita, perde, vazamento, vazando, scurgere, scapari, scapa, "
             "pierde, undicht, leck, stromt aus, tritt aus, austritt, entweicht, poisoning, is on, full of, "
             "bubbling, bubbles, bubble, blowing bubbles, coming up, coming through, coming from, spraying out, "
             "pissing out, roaring, rushing out, jetting, venting, wont shut, cant shut off, still on, been on, "
             "was on, were on, open, opened, turned on, on and no flame, strong, strongly, stronger, getting "
             "stronger, overpowering, uncapped, open ended, not capped"},
    SenseRow{Sense::struck,

             "perc*, perfor*, przebit*, pekniet*, roto, rota, rompi*, dug, digger, drilled, drill, drilling, cut, "
             "cut through, severed, hit, ruptured, rupture, nicked, pierced, punctured, puncture, speared, "
             "nailed, nail through, screw through, sliced, snapped, cracked, split, damaged, broke, broken, "
             "burst, came off, come off, sheared, knocked off, loose, disconnected, open, melted, sawed, sawn, "
             "chopped, bashed, clipped, went through, gone through, put a nail, struck, strike, struck a, "
             "scraped, scrape, dented, bent, kinked, crushed, drove over, ran over, backed into, reversed into, "
             "knocked, kicked, grinder, shovel, pick, pickaxe, auger, fence post, mower, strimmer, jackhammer, "
             "breaker bar, snagged, pulled off, ripped, torn, chewed, gnawed, bitten, eaten through, corroded, "
             "rusted through, with a spade, spade through, spade in, his spade"},
    SenseRow{Sense::eggs,

             "egg, eggs, eggy, rotten eggs, rotten egg, bad eggs, bad egg, sulfur, sulphur, sulfer, sulpher, "
             "sulfuric, sulphurous, skunk, skunky, rotting cabbage, rotten cabbage, huevo podrido, huevos "
             "podridos, azufre, zgnile jaja, zgnilych jaj, oeuf pourri, oeufs pourris, soufre, faule eier, faulen "
             "eiern, uova marce, ovos podres, oua stricate, farts, fart, like farts, farty, bad cabbage, off "
             "cabbage, old cabbage, cabbagey"},
    SenseRow{Sense::burner,

             "hob, hobs, cooker, stove, oven, range, meter, metre, pilot, burner, burners, furnace, regulator, "
             "cylinder, boiler, fire, heater, water heater, grill, cupboard, kitchen, basement, hallway, hall, "
             "cocina, estufa, contador, kuchenk*, licznik, gaziniere, cuisiniere, compteur, herd, tank, "
             "fireplace, appliance, house, bottle, estufa, ring, rings, knobs, cooker point, gas point, capped, "
             "capped off, capped end, cooker hose, bayonet, jet"},
    SenseRow{Sense::stove,

             "calor, calor bottle, bottle, propane, fire, hob, hobs, cooker, stove, oven, range, gas meter, "
             "meter, pilot, burner, burners, furnace, regulator, gas fire, boiler, combi, water heater, heater, "
             "boyler, estufa, cocina de gas, contador, caldera, kuchenk*, licznik*, piec, piecyk*, gaziniere, "
             "cuisiniere, compteur, chaudiere, herd, gasherd, fornello, caldaia, fogao, aragaz, bbq bottle, gas "
             "bottle, gas knob, knob, burner knob, ring on, rings on, ring left on, cooker point, bayonet, knobs, "
             "floorboards, under the floor, meter cupboard, meter box"},
    SenseRow{Sense::gas_alarm,

             "gas alarm, gas alarms, gas detector, gas sensor, gas leak alarm, gas leak detector, lpg alarm, "
             "propane alarm, propane detector, alarma de gas, detector de gas, alarme gaz, detecteur de gaz, "
             "czujnik gazu, gasmelder, gaswarner, rilevatore gas, detector for gas, alarm for gas, gas sniffer, "
             "gas monitor"},
    SenseRow{Sense::fumes, "fumes, fume, exhaust"},
    SenseRow{Sense::hiss,

             "hiss, hisses, hissing, hising, hissin, whistling gas, whooshing, silba, silbido, syczy, syczenie, "
             "siffle, sifflement, zischt, sibilo, sibila, sasaie, pfft, pffft, pfffft, psst, pssst, whoosh, "
             "whooshed, wheezing, like a snake, hissy, fizzing from, jet of air, blowing noise, air escaping, "
             "rushing air, roaring noise, sss*"},
    SenseRow{Sense::drain_smell,
             "drain, drains, sink, sinks, toilet, loo, bog, bathroom, shower, bath, plughole, plug hole, "
             "dishwasher, washing machine, manhole, sewer, sewage, septic, bin, bins, fridge, freezer, gully, tap "
             "water, water smells, water stinks, hot water smells, hot water stinks, water smell, in the water, "
             "damp, mould, mold, mouse, mice, rat, rats, dead, cat, dog, carpet, desague, fregadero, inodoro, "
             "zlew*, odplyw*, evier, canalisation, egout, toilettes, abfluss, scarico, esgoto, canalizare"},
    SenseRow{Sense::unlit,

             "doesnt spark, wont spark, clicks but, clicking but, not catching, wont catch, no flame, keeps going "
             "out, keeps cutting out, wont stay lit, wont light, not lighting, wont ignite, doesnt light, didnt "
             "light, cant light, unlit, left on, on all night, pilot out, pilot is out, pilot went out, pilot "
             "light out, pilot light is out, pilot light went out, wont lite, not lit, not igniting, blew out, "
             "gone out, turned off, is off, switched off, isnt lit, doesnt ignite, without it lit, without "
             "lighting, without being lit, without a flame, wasnt lit, werent lit, not been lit, never lit, wi no "
             "flame, flame went out, flame goes out, flame out, flame has gone, flame blew out, ring on, rings "
             "on, ring left on, rings left on, burner on, burner left on, hob on, hob was on, hob left on, cooker "
             "on, cooker left on, stove on, stove left on, knocked on, nudged on, bumped on, leaned on, turned on "
             "by, cooker knobs, knobs were, knobs open, knobs on, gas knobs"},
    SenseRow{Sense::gas_itself,

             "gaslucht, ruik gas, gaz kokusu, gaz kokuyor, запах газа, пахнет газом, gazszag, gas venting, "
             "venting gas, gas lucht, smell of calor, propane smell, propane leak, butane leak, smell has, smell "
             "of has, has leak, gas lead, gas leaf, gas <ill>, <ill> gas, gas <cloud>, <cloud> gas, gas <nose>, "
             "<nose> gas, gas <alarm>, <alarm> gas, flat is full of gas, gas still coming, says there is gas, "
             "says theres gas, think there is gas, think theres gas, thinks there is gas, theres gas in, there is "
             "gas in, gas alarm going, gas alarm is, gas alarm went, gas alarm keeps, gas alarm has, gas alarm "
             "beeping, gas alarm sounding, gas detector going, gas detector is, gas detector went, gas detector "
             "keeps, gas detector beeping, gas detector sounding, gas detector has, gasleak, gas leek, gas lek, "
             "gas escape, escape of gas, gassmell, gas odor, gas odour, smellgas, gasgeruch, gasaustritt, "
             "gasleck, gas fuga, fuga de gas, fugas de gas, escape de gas, fuite de gaz, fuites de gaz, wyciek "
             "gazu, ulatnia sie gaz, gaz sie ulatnia, fuga di gas, perdita di gas, vazamento de gas, scurgere de "
             "gaze, scurgeri de gaze, gas coming out, gas everywhere, gas is on and, gas hissing, hissing gas, "
             "gas fumes, full of gas, gas filling, gas in the house, gas emergency, olor a gas, odeur de gaz, "
             "zapach gazu, cheiro a gas, cheiro de gas, odore di gas, miros de gaz, miros de gaze, stinks of gas, "
             "gas poisoning, gas explosion, gas blew up, thick with gas, full of gas fumes, filled with gas, air "
             "is gas, gas in the air, overcome by gas, like gas, cabbage and gas, pong of gas, honks of gas, hums "
             "of gas, whiffs of gas, gassy, still smell it, capped it but, into the gas meter, hit the gas meter, "
             "hit the gas, left the gas on, left gas on, gas left on, gas on all night, gas hose came off, may be "
             "gas, might be gas, could be gas, could it be gas, can it be gas, be gas leaking, swears its gas, "
             "swears theres gas, swears blind theres gas, reckons its gas, reckons theres gas, reckon its gas, "
             "thinks its gas, think its gas, convinced its gas, sure its gas, pretty sure gas, theres gas, gas "
             "coming up, gas coming through, gas coming from, gas coming in, gas is coming, gas getting in, like "
             "a lighter, lighter gas, lighter fluid, sweet sickly smell, sickly sweet smell, smelling gas, "
             "smelled gas, smelt gas, sniffing gas, reeks of gas, pongs of gas, whiff of gas, taste gas, tasting "
             "gas, can taste gas, gassy smell, smells gassy, smell gassy, gas like smell, gas type smell, olor "
             "raro como gas, creo que es gas, chyba gaz, je crois que c est du gaz, blowing bubbles, bubbles when "
             "i put, bubbles when i spray, soapy water on, fairy liquid on, gas riser hit, nicked the gas, nicked "
             "a gas, hit a gas, drilled the gas, drilled into the gas, cut the gas pipe, cut into the gas, "
             "clipped the gas, through the gas, capped us off, capped off our gas, capped our gas, leak is on our "
             "side, lighters out, when a lighter, gas was left on, gas been on, gas is coming out, sacando gas, "
             "tirando gas, saliendo gas, soltando gas, echando gas, botando gas, huele como a gas, olor como a "
             "gas, ca sent un peu le gaz, immediately dangerous sticker, at risk sticker, think its the gas, must "
             "be the gas, sure its the gas, might be the gas, thats an escape, got an escape, have an escape, "
             "there is an escape, theres an escape, smell its gas, strong gas, gas strong, gas really strong, gas "
             "very strong, gas so strong, faint gas, slight gas smell, faint smell of gas, gas hanging, gas "
             "lingering, gas wont go away, gas gas, letting gas, lets gas, lettin gas, weeping gas, dumping gas, "
             "bleeding gas, gas seeping, seeping gas, gas bubbling, gas pouring, gas streaming, gas escaping, gas "
             "whistling, gas roaring, gas spraying, gas pissing"},
    // Carbon monoxide
    SenseRow{Sense::monoxide,

             "co one, carbon one, measured co, found co, high levels of co, co in our, co in the, co in my, my "
             "co, the co, our co, alarm by the boiler, alarm near the boiler, alarm next to the boiler, alarm by "
             "boiler, alarm near boiler, alarm above the boiler, alarm beside the boiler, alarm by the furnace, "
             "alarm near the furnace, alarm in the boiler room, alarm on the boiler, boiler alarm, boiler room "
             "alarm, alarm over the boiler, gas carbonico, carbon m, mono alarm, carbon monoxide, carbon "
             "monoxyde, carbonmonoxide, carbon dioxide, carbon dioxide alarm, carbon alarm, carbon detector, "
             "carbon monoxid, carbon, carbon thing, monoxide, monoxyde, monoxid, monoxcide, carbon mono, co "
             "thing, co machine, co device, co box, co unit, co is, co going, co went, monoxide thing, c02 alarm, "
             "c02 detector, co2 thing, co2 going, carbon monoxied, carbon monixide, monxide, co alarm, co alarms, "
             "co detector, co detecter, co detectors, co monitor, co meter, co sensor, co2 alarm, co2 detector, "
             "co2, co 2 alarm, c o alarm, c o detector, co gas, co levels, co level, co reading, co warning, co "
             "leak, co alert, ppm co, ppm, co poisoning, coalarm, monoxido, monoxido de carbono, tlenek wegla, "
             "tlenku wegla, czad, czadu, czadem, czujnik czadu, czujka czadu, monoxyde de carbone, kohlenmonoxid, "
             "co melder, co warner, monossido, monossido di carbonio, monoxid de carbon, detecteur co, detecteur "
             "de co, alarma de co, alarme co, alarm czadu, czujnik co, little white box, white box, white alarm, "
             "carbon box, beeper for fumes, fume alarm, fumes alarm, fume detector, fumes detector, alarm for "
             "fumes, alarm for the boiler, alarm for the fire, alarm for the stove, c o detecter, c o monitor"},
    SenseRow{Sense::sounding,

             "positive, symptoms, poisoned, pinging, dinging, whistling, bleating, hooting, shouting, yelling, "
             "telling, warning, displays, displaying, display, lit up, flashing, blinking, wailing, fire brigade, "
             "fire department, fire dept, firemen, firefighters, fire service, fire engine, evacuated, found, "
             "measured, tested positive, mental, nuts, mad, crazy, ballistic, haywire, bananas, berserk, wont "
             "reset, going, no para, no deja de, ne s arrete pas, nie przestaje, alarm is on, wont switch off, "
             "doesnt stop, going off, goes off, went off, gone off, go off, set off, sets off, setting off, goin "
             "off, beep, beeps, beeping, beeped, beepin, bleep, bleeps, bleeping, bleepin, sound, sounds, "
             "sounding, sounded, ringing, rings, rang, screaming, screams, screeching, shrieking, blaring, "
             "wailing, alarming, alarmed, alert, alerting, triggered, triggering, tripped, activated, activating, "
             "red light, flashing red, red flashing, is red, gone red, turned red, reads, reading, readings, "
             "shows, showing, says, said, ppm, high, levels, keeps, wont stop, wont shut up, woke us, woke me, "
             "chiming, buzzing, bipping, bips, kicking off, kicked off, screems, screaming, doing its nut, loud, "
             "constantly, all night, every hour, suena, sonando, sono, sonado, pita, pitando, pitido, activo, "
             "saltado, salto, disparo, wyje, piszczy, pika, dzwoni, wlaczyl, wlaczyla, alarmuje, zaalarmowal, "
             "sonne, sonner, bipe, biper, declenche, declenchee, schlagt, piept, schrillt, schlagt alarm, "
             "losgegangen, suona, suonando, scattato, apita, apitando, tocando, tocar, disparou, suna, piuie, "
             "peeping, squealing, nonstop, non stop, detected, detecting, in the house, poisoning, leak, leaking, "
             "<alarm>, went, has gone, just gone, is flashing red, red light, flashing red, screaming, wailing, "
             "climbing, rising, high reading, shouting evacuate, saying evacuate, saying move to fresh air, "
             "trips, set it off, squeals, hollering, chirruping, screechin, skreiching, tripping"},
    SenseRow{Sense::symptom,

             "nodding off, falling asleep, wiped out, lethargic, cant think straight, blurry, poisoned, making us "
             "ill, makes us ill, making me ill, makes me ill, making us sick, makes us sick, makes me sick, "
             "making me sick, making us poorly, ill every time, ill when, sick when, sick every time, feel drunk, "
             "got ill, gone sleepy, muzzy, fuzzy head, foggy, feel better outside, better outside, awful when, "
             "fine outside, ok outside, feel better when, clears when, headach*, dizz*, nause*, faint*, vomit*, "
             "head pounding, head is pounding, heads are pounding, head is banging, head is killing, heads "
             "banging, heads pounding, heads splitting, splitting head, head splitting, head banging, head "
             "hurting, head is hurting, feeling off, feel awful, feeling awful, feel terrible, feel really, "
             "feeling dizzy, feel dizzy, feel tired, feeling tired, so tired, really tired, feel drowsy, feel "
             "strange, feeling strange, feel light, feel woozy, keep being sick, keeps being sick, being ill, "
             "been ill, sick to our stomachs, sick to my stomach, sick stomach, queasy, spaced out, flu like, flu "
             "symptoms, collapsed, not waking, wont wake, cant wake, hard to wake, headache, headaches, headake, "
             "headakes, headach, head ache, head aches, hedache, hedaches, heads hurt, head hurts, heads are "
             "hurting, head pounding, pounding head, banging head, migraine, dizzy, dizzi, dizy, dizziness, "
             "dizzyness, lightheaded, light headed, light head, woozy, faint, fainted, fainting, feeling faint, "
             "nausea, nauseous, nauseated, feel sick, feeling sick, feels sick, felt sick, all sick, feel ill, "
             "feeling ill, felt ill, feel unwell, feeling unwell, unwell, been sick, being sick, and sick, "
             "throwing up, threw up, vomiting, vomit, puking, passed out, pass out, passing out, unconscious, "
             "blacked out, drowsy, sleepy, groggy, confused, cant breathe, short of breath, breathless, chest "
             "hurts, chest pain, feel weird, feel funny, feeling funny, feel rough, feel off, feeling rough, "
             "feeling weird, feel strange, feel poorly, feeling poorly, collapsed on, dolor de cabeza, duele la "
             "cabeza, dolores de cabeza, duele cabeza, mareo, mareos, mareado, mareada, mareados, mareadas, "
             "nauseas, vomit*, desmay*, glowa, glowe, boli glowa, bola glowy, bol glowy, bole glowy, bole glow, "
             "zawroty, zawrotow, mdlosci, niedobrze, zemdl*, slabo nam, kreci, mal de tete, mal a la tete, maux "
             "de tete, mal au crane, vertige, vertiges, nausee, nausees, etourdi*, malaise, vomi*, tete qui "
             "tourne, kopfschmerz*, kopfweh, schwindel, schwindelig, schwindlig, ubel, ubelkeit, mal di testa, "
             "vertigini, nausea, dor de cabeca, dores de cabeca, tontura, tonturas, tonto, enjoo, durere de cap, "
             "dureri de cap, ameteal*, ametit*, <ill>, ill since, all ill, everyone ill, family ill, unwell "
             "since, poorly since, thumping heads, thumping head, banging heads, sore heads, splitting heads, "
             "splitting headache, sore head, thick head, thick heads, heads thumping, head thumping, woozie, "
             "swimming head, head swimming, head is swimming, giddy, feeling rotten, feel rotten, all feeling "
             "rotten, feeling grim, feel grim, feeling ropey, feel ropey, feeling ropy, peely wally, chest is "
             "tight, tight chest, cant catch my breath, talking nonsense, slurring, slurred, staggering, wobbly, "
             "keeled over, blacking out, was sick, thrown up, dog was sick, cat was sick, dog is sick, cat is "
             "sick, headachey, headachy, achy head, pounding heads, la cabeza, nos duele la cabeza, me duele la "
             "cabeza, cefalea, ganas de vomitar, feel rubbish, feeling rubbish, feel queasy, grey and queasy, "
             "come over dizzy, come over funny, came over dizzy, came over funny, go funny, going funny, not "
             "right in the head, wooly head, woolly head, on the floor of the kitchen, found on the floor, found "
             "mum on, found dad on, found her on the floor, found him on the floor, fuzzy headed, fuzzy heads, "
             "all fuzzy, rather poorly, feel poorly though, head is splitting, heads are splitting, head is "
             "thumping"},
    SenseRow{Sense::hearth,

             "boiler, boilers, boyler, combi, heater, heaters, water heater, furnace, fire, gas fire, stove, "
             "flue, wood burner, woodburner, log burner, logburner, heating, generator, chimney, cooker, oven, "
             "hob, gas, burner, exhaust, fireplace, wood stove, radiator, heat, fumes, pilot, garage, caldera, "
             "calentador, estufa, calefaccion, brasero, chimenea, piec*, kociol, kotl*, ogrzewanie, kominek, "
             "junkers, chaudiere, poele, chauffage, chauffe eau, cheminee, heizung, therme, ofen, kamin, caldaia, "
             "stufa, riscaldamento, caldeira, esquentador, aquecedor, lareira, centrala, soba, geyser, bbq "
             "indoors, vent, ventilation, alarm, rayburn, aga, range, gas heater, pellet stove, oil burner, "
             "tumble dryer, calenton, back boiler, open fire, multifuel, multi fuel, flues, portable heater, "
             "paraffin heater, kerosene heater, heatings, combis, furnaces"},
    SenseRow{Sense::soot,

             "soot, sooty, yellow flame, orange flame, flame yellow, flame is yellow, flame is orange, flame has "
             "gone yellow, flame has gone orange, yellow flames, orange flames, lazy flame, flame gone yellow, "
             "flame gone orange, flames are yellow, flames are orange, flame turned yellow, flame burning yellow, "
             "flame burning orange, llama amarilla, flamme jaune, hollin, sadza, zolty plomien, suie, black "
             "stains above, black marks above, sooting, flame orange, burning orange, burning yellow, flames "
             "orange, saucepans black, pans black, pans going black, saucepans going black, black pans, soot "
             "marks, sooty marks, sooty deposits, lot of soot, loads of soot, floppy flame, flame floppy, flame "
             "lazy, flame is lazy, flame wavy"},
    SenseRow{Sense::loud,

             "mental, nuts, mad, crazy, ballistic, haywire, bananas, berserk, wont reset, going off, goes off, "
             "went off, gone off, set off, sets off, setting off, goin off, sounding, ringing, screaming, "
             "screeching, shrieking, blaring, wailing, alarming, triggered, activated, wont stop, wont shut up, "
             "woke us, woke me, ppm, red light, flashing red, high, 4 times, four times, 4 beeps, four beeps, 4 "
             "bleeps, detected, suena, sonando, salto, pitando, wyje, wlaczyl*, sonne, declenche*, schlagt, "
             "losgegangen, scattato, disparou, suna, full blast, emergency, what do we do, what should we do, "
             "what do i do, what should i do, help, tripped, been sounding, still sounding, all on the drive, on "
             "the drive, stood outside, standing outside, got out, full alarm, wont be quiet, going mental, going "
             "crazy, going nuts"},
    SenseRow{Sense::chirping,
             "chirp, chirps, chirping, chirped, low battery, low batt, battery low, needs a battery, need a "
             "battery, battery needs, battery is dead, dead battery, flat battery, just the battery, its the "
             "battery, just needs a battery, pila baja, slaba bateria, pile faible, end of life"},
    SenseRow{
        Sense::upkeep,
        "to be fitted, fit, fitted, fitting, install, installed, installing, installation, replace, replaced, "
        "replacing, replacement, test, tested, testing, expired, expires, out of date, supply, buy, quote, price, "
        "required, instalar, pose, poser, zamontowac, montaz, wymiana, need a new, want a new"},
    SenseRow{Sense::monoxide_itself,

             "flue has come off, flue came off, flue has come apart, flue come off, flue fallen off, flue has "
             "fallen, flue disconnected, flue is disconnected, flue is blocked, flue blocked, blocked flue, flue "
             "leaking, leaking flue, co symptoms, backdraft, backdrafting, back draft, blowback, blow back, flue "
             "gases, flue gas, fumes back, mamy czad, czad w, exhaust coming, detector says co, alarm says co, "
             "possible carbon monoxide, think we have carbon, think its carbon monoxide, think there is carbon, "
             "suspect carbon, worried about carbon, carbon monoxide problem, carbon monoxide issue, carbon "
             "monoxide found, carbon monoxide detected, monoxide in, giving off fumes, gives off fumes, fumes "
             "coming, fumes are coming, fumes leaking, co reading, co readings, co levels, high co, co poisoning, "
             "monoxide poisoning, carbon monoxide in, carbon monoxide leak, monoxide leak, co leak, ppm co, "
             "intoxicacion por monoxido, intoxication au monoxyde, zaczadz*, kohlenmonoxidvergiftung, leaking "
             "carbon monoxide, leaking co, fumes coming into, fumes in the, fumes from the boiler, fumes from "
             "boiler, boiler fumes, fumes coming from the boiler, fumes coming back, exhaust fumes in, co meter, "
             "co level, co levels, co reading, co readings, says co, reads co, co poisoning, carbon monoxide "
             "poisoning, monoxide poisoning, poisoned by the boiler, detector says evacuate, alarm says evacuate, "
             "carbon monoxid alarm, monoxid alarm, monoxide alert, co alert, co emergency, co alarm what, beeping "
             "four times, beeps four times, bleeping four times, four beeps, four times then a pause, four beeps "
             "then, 4 beeps then, 4 beeps and, four beeps and, beeping 4 times, beeps 4 times, levels were up, "
             "cherry red, smell of exhaust, exhaust smell, smells of exhaust, smells like exhaust, smells like "
             "car fumes, car fumes in, carboxyhaemoglobin, carboxyhemoglobin, dizzy when the fire, dizzy when the "
             "boiler, dizzy when the heating, ill when the heating, headaches when the heating, headache when the "
             "heating, headaches when the boiler, headache when the boiler, spillage test, failed the spillage, "
             "spilling fumes, spilling products, monitor hit, detector hit, monitor upstairs hit, monitor reads, "
             "monitor reading, detector reads, detector reading, detector shows, monitor shows, shows 230, safe "
             "to sleep, safe to stay in, safe to go back in, spillage at the hood, spillage at the, liner leaks "
             "into, liner is leaking, readings were sky high, budgie died, canary died, parrot died, bird died, "
             "chirping 4 times, chirping four times, chirps 4 times, chirps four times"},
    SenseRow{Sense::flue,

             "flue, flues, flue pipe, chimney, exhaust vent, vent pipe, terminal, boiler vent, furnace vent, "
             "chimney liner, liner"},
    SenseRow{Sense::flue_fault,

             "nest, nested, nests, nesting, jackdaw, jackdaws, birds, bird, pigeon, pigeons, blocked, block, "
             "blocking, bagged, covered, taped, taped up, plastic over, dropped off, fallen, fell, off, loose, "
             "hanging, hanging off, disconnected, detached, apart, cracked, crack, split, broken, corroded, "
             "rusted, holes, hole, crushed, bent, snow, snow over, ice, ivy, collapsed, leaking, scaffold, "
             "scaffolding, sheeting, capped, bricked, bricked up, came away, come away, come off, came off, "
             "dislodged, atascado, tapado, zatkan*, bouche, verstopft, leaks into, leaks in, leaks"},
    SenseRow{Sense::flame_seen,
             "flame, flames, pilot, pilot light, llama, llamas, flamme, flammes, plomien, fiamma"},
    SenseRow{Sense::yellow,

             "yellow, orange, yellowy, amber, lazy, floppy, wavy, amarilla, amarillas, jaune, jaunes, zolty, "
             "gelb, gialla, amarela, anaranjada, wont stay blue, not blue, isnt blue, no longer blue, used to be "
             "blue"},
    SenseRow{Sense::household,
             "all of us, both of us, whole house, whole family, whole household, everyone, everybody, the lot of "
             "us, all got, all have, all had, weve all, were all, we all, family all, everyone in, kids and me, "
             "me and the kids, me and him, me and my, cat too, dog too, and the dog, and the cat, even the dog, "
             "even the cat, a todos, nos, wszyscy, wszystkich, tout le monde, toute la famille, nous avons tous, "
             "alle, wir alle, tutti, toda a familia, todos"},
    SenseRow{Sense::got_out,
             "windows open, windows are open, opened the windows, opened windows, opened all the windows, opened "
             "all windows, opened every window, all the windows, open windows, doors open, doors are open, opened "
             "the doors, stood outside, standing outside, all outside, sat outside, waiting outside, we are "
             "outside, were outside, outside now, on the drive, on the driveway, on the lawn, in the street, out "
             "of the house, out the house, evacuated, got out, got everyone out, got the kids out, at the "
             "neighbours, at next door, sat in the car, in the car with the kids, ventanas abiertas, fenetres "
             "ouvertes, okna otwarte, fenster offen"},
    SenseRow{Sense::a_fire,
             "boiler, boilers, combi, stove, rayburn, aga, fire, flue, furnace, log burner, wood burner, "
             "woodburner, logburner, gas fire, gas heater, cooker, hob, heater, heating, caldera, estufa, piec, "
             "chaudiere, poele"},
    SenseRow{Sense::an_alarm,
             "alarm, alarms, detector, detectors, beeper, bleeper, monitor, sensor, alarma, detecteur, alarme, "
             "czujnik, czujka, melder, rilevatore, detetor"},
    SenseRow{Sense::gas_meter,
             "gas meter, meter cupboard, meter box, the meter, by meter, meter room, the metre, contador, "
             "licznik, compteur"},
    // Fire and shock
    SenseRow{Sense::smoke,
             "smoke, smokes, smoking, smoked, smokin, smok, smoek, smokeing, smoldering, smouldering, smolder, "
             "humo, ahumando, humea, humeando, dym, dymi, dymu, dymem, dymi sie, kopci, fumee, fume, fumant, "
             "rauch, raucht, qualm, qualmt, fumo, fuma, fumaca, fum, scoate fum"},
    SenseRow{Sense::spark,
             "spark, sparks, sparking, sparked, sparkin, spraks, sprks, sparkes, arc, arcs, arcing, arced, "
             "arking, chispa, chispas, chispea, chispeando, chispazo, chispazos, chisporrotea*, iskrz*, iskry, "
             "iskra, etincelle, etincelles, etincelent, etincelait, funken, funkt, funkenschlag, scintille, "
             "scintilla, faisca, faiscas, faiscando, scantei, scanteie, scanteile, short circuit, cortocircuito, "
             "zwarcie, court circuit, kurzschluss, <bolt>"},
    SenseRow{Sense::burning,
             "fried, welded, smokey, smoky, burning, burnt, burned, burn, burns, burny, burnin, burnning, "
             "bruning, brunt, burnig, burnung, buring, singed, singeing, charred, charring, melted, melting, "
             "melt, melts, scorched, scorching, scorch, frazzled, fried, toasted, smouldering, fishy, acrid, "
             "quemado, quemada, quemar, quemando, quema, quemo, quemandose, chamuscad*, derretid*, spalen*, "
             "spali*, spalon*, przypal*, palony, stopi*, topi sie, brule, brulee, brules, bruler, crame, cramee, "
             "cramer, fondu, fondue, verbrannt, verschmort, schmort, angebrannt, schmor*, verkokelt, brennt, "
             "bruciato, bruciata, bruciando, brucia, queimado, queimada, queimando, queimou, ars, arde, prajit, "
             "swad, spalenizna, spalenizny, spalenizne"},
    SenseRow{Sense::wiring,

             "socket, sockets, soket, sockit, outlet, outlets, plug, plugs, switch, switches, light, lights, "
             "light switch, light fitting, light fixture, fusebox, fuse box, fuse boxes, fuse, fuses, fuse board, "
             "fuseboard, consumer unit, breaker, breakers, breaker box, panel, breaker panel, electrical panel, "
             "electric, electrics, electrical, electricity, leccy, elec, wire, wires, wiring, cable, cables, "
             "cord, lead, extension, extension lead, adapter, charger, meter, fitting, fixture, chandelier, "
             "spotlight, spotlights, downlight, downlights, lamp, bulb, thermostat, immersion, junction box, "
             "distribution board, meter box, ceiling rose, power strip, enchufe, enchufes, interruptor, cable, "
             "cables, cuadro, cuadro electrico, luces, luz, lampara, electrico, electrica, toma, tomacorriente, "
             "breker, gniazdk*, kontakt, kontaktu, kontakcie, gniazdo, wlacznik*, bezpiecznik*, instalacj*, "
             "przewod*, kabel, kabla, kable, skrzynk*, lampa, lampy, swiatlo, prise, prises, interrupteur, "
             "tableau, tableau electrique, disjoncteur, fil, fils, lampe, lumiere, steckdose, schalter, "
             "sicherungskasten, sicherung, leitung, kabeln, strom, presa, prese, interruttore, quadro, quadro "
             "elettrico, cavo, filo, tomada, tomadas, fios, disjuntor, priza, prizei, prize, intrerupator, "
             "tablou, cablu, siguranta, <plug>, isolator, inverter, wired, opener, spur, switchboard, trunking, "
             "transformer, ev charger, car charger, solar, light pull, pull cord, pull switch, dimmer, lights "
             "from, doorbell, intercom, keypad, conduit, downlighter, downlighters, pendant, led strip, strip "
             "light, tube light, blanket, electric blanket, power pack, power bank, scooter, e bike, ebike"},
    SenseRow{Sense::scorch,

             "soot, black soot, black marks, black mark, scorch mark, scorch marks, scorched, burn marks, burn "
             "mark, blackened, gone black, turned black, gone brown, turned brown, brown marks, brown and, black "
             "around, brown around, is black, is brown, charred, melted, melting, all black, marcas negras, "
             "negro, noirci, noircie, noir, brulures, czarny, czarne, osmalon*, opalon*, nadpalon*, nadtopion*, "
             "stopion*, schwarz, annerita, preto, discoloured, discolored, warped, toffee coloured, toffee "
             "colour, caramel coloured, browned, browning, brown patch, tea coloured, warping"},
    SenseRow{Sense::hot,

             "is hot, gets hot, getting hot, got hot, feels hot, really hot, so hot, hot and, very hot, red hot, "
             "boiling hot, too hot, hot to touch, hot to the touch, overheating, overheated, overheats, warm to "
             "the touch, scalding, burning hot, really warm, caliente, ardiendo, quemando, gorace, goracy, "
             "goraca, goracy, grzeje, nagrzewa, chaud, chaude, chauffe, brulant, brulante, heiss, calda, quente, "
             "fierbinte, feels warm, warm to touch, is warm, was warm, roasting, roasting hot, like an iron, hot "
             "as, untouchable, cant touch it, cant hold it, too hot to touch, too hot to hold"},
    SenseRow{Sense::crackle,

             "glowing, glows, glow, crackle, crackles, crackling, cracking, fizz, fizzes, fizzing, fizzed, "
             "fizzling, sizzle, sizzles, sizzling, buzz, buzzes, buzzing, buzzin, humming, popping, pops, popped, "
             "hissing, zapping, zizzing, crackly, crepite, gresille, gresillement, trzaska, trzeszczy, bzyczy, "
             "skwierczy, chisporrotea, zumba, zumbido, knistert, brummt, crepita, bourdonne, bzzz, lightning, "
             "arcing sound, sizzly, frying sound, frying noise, spitting, sputtering, spluttering, snapping, "
             "fizzy, crackled, zz, zzz, zapping noise, clicking and buzzing"},
    SenseRow{Sense::glow, "glow, glows, glowing, glowed, red glow, orange glow"},
    SenseRow{Sense::shock,

             "shock, shocks, shocked, shocking, shok, shoks, zap, zaps, zapped, zapping, jolt, jolts, jolted, "
             "belt, belted, tingle, tingles, tingling, tingly, thump, wallop, calambre, calambrazo, corrientazo, "
             "descarga, porazil*, kopie, kopnal*, kopnelo, razi, decharge, chatouille, picotements, chataigne, "
             "stromschlag, gewischt, scossa, scosse, choque, choques, curentat, curenteaza, curentez, kick, "
             "kicks, kicked, a kick, dunt, dunts, belter, pins and needles, up the arm, up my arm, up his arm, up "
             "her arm, 240 up, 240 volts, 240v, bite off, bites, nipped, electrocuted, zinger, buzz when, buzzy, "
             "whack off, whacked, skelp, threw me, thrown across, thrown back, wee nip, a nip off, me a nip, you "
             "a nip, a nip when, nips you, nips me, wee belt, buzz off it, wee shock, bit of a shock off, tingly "
             "feeling"},
    SenseRow{Sense::shock_source,

             "off, from, when i touch*, when you touch*, every time i touch, touch*, shower, socket, switch, "
             "light switch, plug, cooker, oven, kettle, tap, taps, faucet, sink, washing machine, washer, dryer, "
             "fridge, freezer, toaster, radiator, bath, wire, wires, cable, appliance, outlet, lamp, light, "
             "metal, electric, toco, tocar, tocamos, ducha, enchufe, lavadora, grifo, nevera, touche, douche, "
             "prise, robinet, frigo, lave linge, machine, dotyk*, pralk*, gniazdk*, kran*, prysznic*, lodowk*, "
             "beruhr*, dusche, steckdose, wasserhahn, doccia, presa, chuveiro, tomada, torneira, dus, priza, "
             "frigider, masina de spalat, elektr*, electri*, elettric*, eletric*, metal light switch, keypad, "
             "gate, gates, hot tub, tub, hand in, put my hand, off the, handle, door handle, railing, pump, pool, "
             "urn, grill, hob, boiler, pipe, pipes, case, casing, extractor, fan, wall, walls, floor, shower "
             "head, showerhead, mixer, kitchen sink, steel sink, worktop, fence, caravan, dishwasher, microwave, "
             "extension, boiler case"},
    SenseRow{Sense::flame,
             "flames, flaming, on fire, caught fire, catching fire, catch fire, went up in flames, set on fire, "
             "set fire, fire started, small fire, little fire, house fire, electrical fire, chip pan fire, "
             "chimney fire, kitchen fire, there was a fire, theres a fire, there is a fire, incendio, incendios, "
             "llamas, llama, fuego, ardiendo, en llamas, pozar, pali sie, plonie, zapalil*, ogien, plomien*, "
             "incendie, en feu, feu, flamme, flammes, a pris feu, prend feu, brennt, feuer, flammen, in brand, "
             "fiamme, incendio, fuoco, prende fuoco, fogo, em chamas, chamas, pegou fogo, foc, flacari, a luat "
             "foc, incendiu, blaze, ablaze, alight, ignited, combust*"},
    SenseRow{Sense::machine,
             "dryer, tumble dryer, drier, washing machine, washer, dishwasher, oven, cooker, hob, fridge, "
             "freezer, microwave, toaster, kettle, boiler, furnace, water heater, heater, car, van, engine, "
             "motor, pump, fan, extractor, charger, battery, ac, tv, telly, appliance, machine, laptop, phone, "
             "loft, attic, kitchen, roof, wall, shed, garage, chimney, lavadora, secadora, lavavajillas, horno, "
             "cocina, nevera, caldera, calentador, coche, pralk*, suszark*, zmywark*, piekarnik*, lodowk*, piec, "
             "lave linge, seche linge, lave vaisselle, four, frigo, chaudiere, voiture, waschmaschine, trockner, "
             "spulmaschine, ofen, lavatrice, forno, frigorifero, lavastoviglie, maquina de lavar, fogao, masina "
             "de spalat, cuptor, house, room, panel"},
    SenseRow{Sense::bang,
             "bang, banged, flash, flashed,  explod*, explosion, blew up, blown up, blowing up, popped, pop, "
             "explot*, explosion, wybuch*, wystrzelil*, explos*, explod*, knall, esploso, scoppiato, explodiu, a "
             "explodat, boom, blew"},
    SenseRow{Sense::fire_itself,

             "brandlucht, yanik kokusu, дым, искрит, gari, smell of smoke, smells of smoke, hot smell, smell hot, "
             "smells hot, scorch mark, scorch marks, schmorgeruch, live cable, live cables, burnt out socket, "
             "burnt out plug, burnt out switch, fire in the oven, fire in the socket, fire in the kitchen, fire "
             "in my kitchen, fire in the fuse, fire in the wall, put out a fire, put a fire out, nearly caught, "
             "almost caught, burning smell, burnt smell, smell of burning, smells of burning, smell burning, "
             "smells burnt, smells burned, burned smell, smells burny, burny smell, smell of burnt, smells like "
             "burning, smelling of burning, burning plastic, burnt plastic, melting plastic, burning rubber, "
             "burning wires, electrical burning, electrical smell, electric smell, fishy smell, smells fishy, "
             "smells of fish, smells like fish, something burning, something is burning, something melting, live "
             "wire, live wires, bare live, power line down, power line is down, downed line, downed power, "
             "electrical fire, black smoke, white smoke, smoke coming, smoke everywhere, smoke pouring, huele a "
             "quemado, olor a quemado, huele a humo, huele a plastico, odeur de brule, sent le brule, sens le "
             "brule, odeur de fumee, brandgeruch, rauchentwicklung, kabelbrand, swad spalenizny, spalenizn*, "
             "zapach spaleniz*, czuc spaleniz*, czuc dym*, odore di bruciato, puzza di bruciato, cheiro a "
             "queimado, cheiro de queimado, miros de ars, miroase a ars, miroase a fum, riecht verbrannt, riecht "
             "verschmort, riecht angebrannt, verschmort, toaster fire, <fire> <plug>, <plug> <fire>, <bolt> "
             "<fire>, <fire> <alarm>, <alarm> <fire>, <fire> help, help <fire>, <fire> <fire>, fire brigade have "
             "been, fire brigade came, fire brigade been, fire brigade just, fire brigade left, fire department "
             "came, fire department left, fire department just, firefighters left, firefighters came, fire crew, "
             "fryer went up, pan went up, chip pan, went up in smoke, with a flash, big flash, blue flash, white "
             "flash, flash of light, flash and a bang, flash and bang, bang and a flash, bang and flash, massive "
             "bang, huge bang, loud bang, almighty bang, big bang, hit a cable, hit a live cable, drilled into a "
             "cable, drilled through a cable, drilled a cable, nailed a cable, cut a cable, cut through a cable, "
             "cut the cable, through a cable, wall feels warm, wall is warm, wall is hot, wall feels hot, like a "
             "firework, like fireworks, lightning in the, lightning from the, saw a glow, sees a glow, glowing "
             "inside, is glowing, glowing red, glowing orange, glowing hot, plug glowing, chimney roaring, "
             "chimneys roaring, chimney is roaring, roaring like a train, stove roaring, like a bonfire, bonfire "
             "smell, smells of bonfire, smells like bonfire, crackling inside the wall, crackling in the wall, "
             "crackling behind, crackling in the ceiling, crackling from the, crackling inside, cherry red where, "
             "pipe has gone cherry, pipe glowing, flue glowing, too hot to hold, hot plastic, hot rubber, hot "
             "wires, melting smell, hot electrical, hot electric, smells electrical, smells electric, smells of "
             "plastic, smell of plastic, plasticky smell, plasticy smell, smells plasticky, smell of rubber"},
    SenseRow{Sense::shock_itself,

             "shower bit me, bit me, cooker is live, casing is live, live casing, a tickle off, tickle from, "
             "tickle off, threw me, thrown across, threw me across, decharges, des decharges, shocked by the, "
             "shocked by a, been shocked, was shocked when i touched, electrical belt, got a bolt, electric "
             "shock, electric shocks, elec shock, electrical shock, electrocuted, electrocute, electrocution, "
             "electricuted, electrocuting, electrified, got a shock, got shock, get a shock, gets a shock, "
             "getting a shock, gave me a shock, gives me a shock, giving me a shock, gives you a shock, gave him "
             "a shock, gave her a shock, gives shocks, giving shocks, giving us shocks, got shocked, getting "
             "shocked, gets shocked, shocks me, shocked me, shocked my, shocks you, shocking me, shocking us, "
             "static shock, get shocks, getting shocks, got zapped, zapped me, zaps me, zapping me, getting "
             "zapped, got a zap, gave me a zap, got a belt, gave me a belt, gives you a belt, a belt off, belt "
             "off, belt from, got a jolt, gave me a jolt, a jolt, get a tingle, got a tingle, feel a tingle, "
             "tingling from, tingles when, is live, its live, gone live, buzz from, a buzz off, little buzz, bit "
             "me when, me da corriente, da corriente, dio corriente, da calambre, da calambres, me dio calambre, "
             "calambre, calambrazo, descarga electrica, me electrocut*, electrocut*, porazil*, porazil* prad, "
             "kopnal* mnie prad, kopie prad*, prad kopie, kopie prad, kopnal, kopnelo, decharge electrique, "
             "electrocute*, pris le jus, pris une decharge, prend le jus, prendre le jus, prends le jus, "
             "chataigne, coup de jus, stromschlag, stromschlage, scossa elettrica, prendo la scossa, preso la "
             "scossa, da la scossa, choque eletrico, levei um choque, levei choque, da choque, a dar choque, "
             "dando choque, leva choque, electrocutat, m a curentat, ma curentat, curenteaza, zap off, blown "
             "across, knocked me across, left live, point live, wire live, wires live, case is live, body is "
             "live, tap is live, pipe is live, pipes are live, sink is live"},
};

}  // namespace

std::span<const SenseRow> gas_and_fire_rows() {
  return rows;
}

}  // namespace jobrun::conversation
