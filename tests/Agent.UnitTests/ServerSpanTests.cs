using System.Diagnostics;
using Agent.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Agent.UnitTests;

[TestClass]
public sealed class ServerSpanTests
{
    /// <summary>As when a test host is disposed of as soon as the client has its answer. The source is a service of the host.</summary>
    [TestMethod]
    public void A_request_whose_host_is_gone_ends_its_span_all_the_same()
    {
        using var spans = new Spans("Microsoft.AspNetCore");
        var source = new ActivitySource("Microsoft.AspNetCore");
        using var activity = source.StartActivity("Microsoft.AspNetCore.Hosting.HttpRequestIn", ActivityKind.Server)!;
        source.Dispose();
        ServerSpan.Complete(RequestOf(activity), unhandled: null);
        activity.Stop();
        Assert.HasCount(1, spans.Ended);
        Assert.AreEqual("GET Microsoft.AspNetCore", $"{spans.Ended[0].DisplayName} {spans.Ended[0].Source.Name}");
    }

    [TestMethod]
    public void A_span_keeps_its_source_while_that_has_listeners()
    {
        using var spans = new Spans("Microsoft.AspNetCore");
        using var source = new ActivitySource("Microsoft.AspNetCore");
        using var activity = source.StartActivity("Microsoft.AspNetCore.Hosting.HttpRequestIn", ActivityKind.Server)!;
        ServerSpan.Complete(RequestOf(activity), unhandled: null);
        Assert.AreSame(source, activity.Source);
    }

    static DefaultHttpContext RequestOf(Activity activity)
    {
        var context = new DefaultHttpContext { Request = { Method = "GET" } };
        context.Features.Set<IHttpActivityFeature>(new ActivityFeature { Activity = activity });
        return context;
    }

    sealed class ActivityFeature : IHttpActivityFeature
    {
        public required Activity Activity { get; set; }
    }
}
