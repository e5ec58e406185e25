"""Names for runs that nobody named: an adjective and an animal, as Prefect gives them."""

from __future__ import annotations

import random

ADJECTIVES = (
    "amber bold brave brisk calm clever copper crimson curious dapper eager early fancy gentle "
    "golden grey happy honest humble ivory jolly keen light lucky mellow mighty misty nimble "
    "noble olive patient plucky polite proud quick quiet rapid rosy rustic shiny silent silver "
    "sleek sober solid spry steady sturdy sunny swift tidy tiny upbeat velvet vivid warm wise "
    "witty young"
)
ANIMALS = (
    "badger bat bear beaver bison boar bull camel cat civet cobra cougar crane crow deer dingo "
    "dog donkey dove duck eagle eel elk falcon ferret finch fox frog gecko goat goose gull hare "
    "hawk heron horse ibex jackal jay kiwi koala lark lemur lion lizard llama lynx magpie marten "
    "mole moose mouse mule newt otter owl ox panda parrot pony puma quail rabbit ram rat raven "
    "robin seal shark sheep snail squid stork swan tapir tiger toad trout turtle viper vole "
    "walrus wasp weasel whale wolf wombat wren yak zebra"
)


def random_name() -> str:
    """Another name each time, such as `rosy-otter`."""
    return f"{random.choice(ADJECTIVES.split())}-{random.choice(ANIMALS.split())}"
