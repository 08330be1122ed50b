"""The metrics `checkpointed` and `unsaved`: percent of the job that is committed, and worked beyond that; and `saveSeconds`, how long
a save takes as far as it has been measured.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
"""
from datetime import datetime, timezone

MOST_SAMPLES = 500  # two values each; a request takes 1,000


class Metrics:
    """Collects samples, publishes them in one request."""

    def __init__(self, cloudwatch, namespace, job):
        self.cloudwatch, self.namespace, self.samples = cloudwatch, namespace, []
        self.dimensions = [{"Name": "JobId", "Value": job}]

    def sample(self, seconds, checkpointed, unsaved):
        """Notes both values (percent) at a time (epoch seconds)."""
        at = datetime.fromtimestamp(seconds, timezone.utc)
        self.samples.append([
            {"MetricName": name, "Dimensions": self.dimensions, "Timestamp": at, "Value": float(value), "Unit": "Percent", "StorageResolution": 1}
            for name, value in (("checkpointed", checkpointed), ("unsaved", unsaved))])

    def note(self, name, seconds, value):
        """Notes a time (seconds) at a time (epoch seconds)."""
        at = datetime.fromtimestamp(seconds, timezone.utc)
        self.samples.append([{"MetricName": name, "Dimensions": self.dimensions, "Timestamp": at, "Value": float(value), "Unit": "Seconds"}])

    def publish(self):
        """Sends what has been noted; what could not be sent is kept, up to a bound. Raises botocore's errors."""
        samples = self.samples = self.samples[-MOST_SAMPLES:]
        if samples:
            self.cloudwatch.put_metric_data(Namespace=self.namespace, MetricData=sum(samples, []))
            self.samples = self.samples[len(samples):]
