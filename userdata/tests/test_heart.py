"""The heart beats as long as the main thread shows that it lives, and no longer."""
import threading
import unittest

from .fakes import wait_for

from heart import heart
from inbox import Inbox


class Told:
    """The task and the ledger, both: how often each was told."""

    epoch, told_at, publish_seconds = 1, -1000, 0

    def __init__(self):
        self.ledger, self.beats, self.tells, self.meanwhile = self, 0, 0, lambda: None

    def beat(self):
        self.beats += 1

    def tell(self):
        self.meanwhile()
        self.tells += 1

    def attempt(self, call):
        call()


class Heart(unittest.TestCase):
    def setUp(self):
        self.inbox, self.told = Inbox(lambda *_, **__: None), Told()
        self.thread = threading.Thread(target=heart, args=(self.inbox, self.told, self.told, self.told, 0.03), daemon=True)
        self.thread.start()

    def waits(self):
        """The next beat is due, and waits for the main thread."""
        wait_for(lambda: not self.inbox.seen.is_set())
        return self.told.beats, self.told.tells

    def test_each_beat_waits_for_a_sign_of_life_that_came_after_it_was_due(self):
        for beats in range(3):
            self.assertEqual(self.waits(), (beats, beats))
            self.inbox.alive()
            wait_for(lambda: self.told.tells == beats + 1)

    def test_a_main_thread_that_hangs_was_last_vouched_for_when_it_was_last_seen(self):
        self.waits()
        self.told.meanwhile = self.inbox.alive  # before the next beat is due: that one is not for it
        self.inbox.alive()
        wait_for(lambda: self.told.tells == 1)
        self.assertEqual(self.waits(), (1, 1))

    def test_it_ends_with_the_agent_whatever_it_waits_for(self):
        self.waits()
        self.inbox.end()
        wait_for(lambda: not self.thread.is_alive())
        self.assertEqual((self.told.beats, self.told.tells), (0, 0))


if __name__ == "__main__":
    unittest.main()
