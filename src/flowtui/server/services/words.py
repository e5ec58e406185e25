"""Names for runs that nobody named: two words that are easy to say and to search for."""

from __future__ import annotations

import random

_ADJECTIVES = """
agile amber ample azure balmy bold brave breezy bright brisk calm candid careful cheerful clever
copper coral cosy crimson crisp curious daring dapper deft dusty eager early earnest easy ebony
electric elegant emerald fabled fair faithful fancy fearless fleet fluent fond frank fresh
friendly frosty gallant gentle gilded glad gleaming golden graceful grand hardy hazel hearty
hidden honest humble indigo ivory jade jaunty jolly jovial keen kind lively loyal lucid lucky
lunar mellow merry mighty misty modest mossy neat nimble noble olive opal orderly patient peppy
placid plucky polished polite proud quick quiet radiant rapid ready regal robust rosy rustic
saffron sage scarlet serene sharp shiny silent silver sleek smart smooth snowy sober solar sonic
spry stable steady stellar stoic stout sturdy subtle sunny swift tactful tall teal tidy tranquil
trusty upbeat valiant velvet verdant vivid warm whimsical wise witty woven young zealous zesty
"""

_NOUNS = """
acorn alder antler aspen badger beacon beaver birch bison bobcat brook canyon caribou cedar
cheetah cliff clover comet condor coyote crane cricket curlew cypress dingo dolphin dune eagle
egret elk ember falcon fern ferret finch fjord fox gannet gazelle gecko geyser glacier gopher
grove gull harbor hare hawk hazelnut heron hornet ibex ibis iguana island jackal jaguar jay
juniper kestrel kiwi koala lagoon lark lemur leopard linnet lizard llama lobster lotus lynx
macaw magpie mallard maple marmot marten meadow meerkat mesa mole moose moth narwhal newt oak
ocelot orca oriole osprey otter owl panda panther parrot pebble pelican penguin petrel pine
plover pony poplar puffin puma quail quokka rabbit raven reef ridge robin sable salmon sandpiper
seal shrike sparrow spruce squirrel starling stork summit swallow swan swift tapir teak tern
thicket thrush tiger toad toucan trout tundra turtle valley viper vole walnut walrus warbler
weasel whale willow wolf wombat woodpecker wren yak zebra
"""

ADJECTIVES = tuple(_ADJECTIVES.split())
NOUNS = tuple(_NOUNS.split())


def random_name() -> str:
    """Two words, such as `quiet-otter`."""
    return f"{random.choice(ADJECTIVES)}-{random.choice(NOUNS)}"
