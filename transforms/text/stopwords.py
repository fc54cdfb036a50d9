"""Words that say nothing about the subject.

Function words on the one hand (English: the list of NLTK 3 with contractions, as the published
figures of uptake used it), the small change of messages on the other: whoever says thanks, great
and next week takes nothing up, but the words count where two turns are compared as a whole.
"""

from __future__ import annotations

_EN = """
i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its
itself they them their theirs themselves what which who whom this that these those am is are was were be been being have
has had having do does did doing a an the and but if or because as until while of at by for with about against between
into through during before after above below to from up down in out on off over under again further then once here there
when where why how all any both each few more most other some such no nor not only own same so than too very s t can will
just don should now d ll m o re ve y ain aren couldn didn doesn hadn hasn haven isn ma mightn mustn needn shan shouldn
wasn weren won wouldn i'm i've i'd i'll you're you've you'll you'd he's she's it's that's that'll there's we're we've
we'll we'd they're they've they'll don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't
shouldn't haven't hasn't hadn't what's who's how's let's u ur im ive also would could may might must shall
"""
_EN_SOCIAL = """
hi hey hello dear thanks thank please yes no ok okay yeah sure sorry great good nice well really much many lot
hope let know get got go going like want would love see think say said look looking
connect connecting connection connections message messages reply today tomorrow week day time forward regards best cheers
happy glad one two way thing things something anything make made take back still even ever always never maybe
"""
_DE = """
ich du er sie es wir ihr mich dich ihn uns euch mir dir ihm ihnen mein meine meinen meinem meiner dein deine deinen sein
seine unser unsere euer eure der die das den dem des ein eine einen einem einer eines kein keine keinen und oder aber
denn doch sondern wenn dass weil ob als wie wo wer was wann warum welche welcher welches dieser diese dieses jener nicht
nur auch noch schon sehr so zu zum zur im in am an auf aus bei beim mit nach seit von vom vor für über unter durch gegen
ohne um bis ist sind war waren bin bist seid sein habe hast hat haben hatte hatten werde wird werden wurde wurden kann
können könnte könnten muss müssen soll sollen sollte will wollen würde würden mag möchte dann da hier dort jetzt heute
morgen mal ja nein danke bitte hallo gerne gern viele grüße liebe lieber etwas mehr man sich hi gut ganz immer wieder
"""
_ES = """
yo tú tu él ella usted nosotros vosotros ellos ellas ustedes me te se nos os le les lo la los las el un una unos unas mi
mis tus su sus nuestro nuestra vuestro y o u e pero si sí no ni que qué quien quién cual cuál como cómo cuando cuándo
donde dónde porque por para con sin sobre entre desde hasta de del a al en es son era eran ser soy eres está están estoy
estar fue ha han he has había hay muy más menos ya también solo sólo este esta esto estos estas ese esa eso aquí allí
ahora hoy mañana bien gracias hola saludos favor todo toda todos todas algo nada tengo tiene tienes puedo puede
"""
_FR = """
je tu il elle on nous vous ils elles me te se moi toi lui leur leurs le la les un une des du de d l y en mon ma mes ton
ta tes son sa ses notre nos votre vos ce cet cette ces et ou mais donc or ni car si que qui quoi dont où comment quand
pourquoi comme à au aux dans par pour sur sous avec sans entre vers chez est sont était suis es être sommes êtes ai as a
avons avez ont eu avoir fait fais faire peux peut ne pas plus très bien aussi même tout tous toute toutes ici là oui non
merci bonjour salut cordialement c'est j'ai n'est qu'il d'un d'une l'on s'il aujourd'hui alors encore déjà
"""
_PT = """
eu tu ele ela você vocês nós eles elas me te se nos lhe lhes o a os as um uma uns umas meu minha meus minhas teu tua seu
sua seus suas nosso nossa e ou mas se não nem que quem qual como quando onde porque por para com sem sobre entre desde
até de do da dos das em no na nos nas ao à aos às é são era eram ser sou está estão estou estar foi há tem tenho ter
muito mais menos já também só este esta isto esse essa isso aqui ali agora hoje amanhã bem obrigado obrigada olá oi
abraço favor tudo todo toda todos todas algo nada pode posso
"""

STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(_EN.split()),
    "de": frozenset(_DE.split()),
    "es": frozenset(_ES.split()),
    "fr": frozenset(_FR.split()),
    "pt": frozenset(_PT.split()),
}

SMALL_CHANGE: frozenset[str] = frozenset(_EN_SOCIAL.split())
