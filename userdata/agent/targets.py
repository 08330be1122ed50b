"""The instance's place in a load balancer's target group, if the deployment names one.

It is there while the job works: from the job's start until it is asked for its last save. Not from the notice: the owner works
on, its successor is not up yet, and a group without a target answers with errors. What is left of the notice is for draining.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html
"""
import threading


class TargetGroup:
    """`make_client` is called if there is a group, so that no instance without one pays for it. What fails is only logged, and
    tried again where the caller has another occasion: a load balancer is not what the job depends on."""

    def __init__(self, make_client, arn, instance, calls, log):
        self.client = make_client() if arn else None
        self.request = {"TargetGroupArn": arn, "Targets": [{"Id": instance}]}
        self.calls, self.log, self.lock = calls, log, threading.Lock()
        self.registered = self.left = False

    def pending(self):
        """Whether it is to be registered, and is not yet."""
        return self.client is not None and not (self.registered or self.left)

    def register(self):
        with self.lock:
            if self.pending() and self.calls.attempt(self.client.register_targets, **self.request):
                self.registered = True
                self.log("registered", targetGroup=self.request["TargetGroupArn"])

    def deregister(self):
        """For good. An answer to a registration may have been lost, so that it is asked for in any case."""
        with self.lock:
            if self.client is not None and not self.left and self.calls.attempt(self.client.deregister_targets, **self.request):
                self.left = True
                self.log("deregistered", targetGroup=self.request["TargetGroupArn"])
