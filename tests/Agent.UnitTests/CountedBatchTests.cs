using System.Diagnostics;
using Agent.Diagnosis;
using Agent.Tracing;
using OpenTelemetry;

namespace Agent.UnitTests;

/// <summary>What the queue keeps when more comes than can be sent.</summary>
[TestClass]
public sealed class CountedBatchTests
{
    sealed class Exporter : BaseExporter<object>
    {
        public ManualResetEventSlim IsBusy { get; } = new();

        public ManualResetEventSlim GoOn { get; } = new();

        public List<string> Sent { get; } = [];

        public override ExportResult Export(in Batch<object> batch)
        {
            IsBusy.Set();
            GoOn.Wait();
            foreach (var span in batch)
                Sent.Add(((Activity)span).DisplayName);
            return ExportResult.Success;
        }
    }

    [TestMethod]
    public void Roots_and_errors_find_room_where_others_do_not()
    {
        var level = Log.Level;
        Log.Level = LogLevel.None;
        try
        {
            var exporter = new Exporter();
            var count = new ExportCount("otlp", hears: false);
            using var queue = new CountedBatch(exporter, count, new Settings(Variables.Of("OTEL_BSP_MAX_QUEUE_SIZE=64", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=1", "OTEL_BSP_SCHEDULE_DELAY=1")));
            queue.OnEnd(Span("first", ordinary: true));
            exporter.IsBusy.Wait(); // it has begun to send the first, which counts until it is read
            for (var i = 0; i < 100; i++)
                queue.OnEnd(Span("ordinary", ordinary: true));
            queue.OnEnd(Span("root", ordinary: false));
            queue.OnEnd(Span("error", ordinary: true).SetStatus(ActivityStatusCode.Error));
            Assert.AreEqual((103, 45), (count.Produced, count.QueueFull()));
            exporter.GoOn.Set();
            queue.Shutdown();
            Assert.AreEqual("first, ordinary × 55, root, error", $"{exporter.Sent[0]}, ordinary × {exporter.Sent.Count(name => name == "ordinary")}, {string.Join(", ", exporter.Sent.Skip(56))}");
            Assert.AreEqual(count.Produced, count.Exported + count.QueueFull());
        }
        finally
        {
            Log.Level = level;
        }
    }

    static Activity Span(string name, bool ordinary)
    {
        var span = new Activity(name) { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        if (ordinary)
            span.SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        return span;
    }
}
