using Agent.CommandLine;
using Agent.Entry;

namespace Agent.UnitTests;

/// <summary>What `agent attach` hands over, and what its options take.</summary>
[TestClass]
public sealed class LateRequestTests
{
    [TestMethod]
    public void Is_read_as_it_was_written()
    {
        var settings = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://localhost:4318/v1/traces?a=b", ["OTEL_TRACES_SAMPLER_ARG"] = "0.5" };
        var read = LateRequest.Parse(new LateRequest(LateRequest.Attach, settings, TimeSpan.FromMinutes(10)).ToString());
        Assert.AreEqual((LateRequest.Attach, TimeSpan.FromMinutes(10)), (read.Verb, read.Duration));
        CollectionAssert.AreEquivalent(settings, read.Settings.ToDictionary());
        Assert.IsNull(LateRequest.Parse(LateRequest.Detach).Duration);
    }

    [TestMethod]
    [DataRow("0.1", 0.1)]
    [DataRow("10%", 0.1)]
    [DataRow("1", 1.0)]
    [DataRow("0%", 0.0)]
    [DataRow("1.1", null)]
    [DataRow("101%", null)]
    [DataRow("-1", null)]
    [DataRow("half", null)]
    [DataRow("%", null)]
    public void Ratio(string text, double? ratio) => Assert.AreEqual(ratio, AttachCommand.Ratio(text));

    [TestMethod]
    [DataRow("30s", 30.0)]
    [DataRow("10m", 600.0)]
    [DataRow("1.5h", 5400.0)]
    [DataRow("0s", null)]
    [DataRow("10", null)]
    [DataRow("s", null)]
    [DataRow("2d", null)]
    [DataRow("1000h", null)]
    public void Duration(string text, double? seconds) => Assert.AreEqual(seconds, AttachCommand.Duration(text)?.TotalSeconds);
}
