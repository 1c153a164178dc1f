using System.Diagnostics;
using Agent.AspNetCore.Hooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Agent.UnitTests;

/// <summary>Pipelines of the framework's own branches, each component of them wrapped as the patch does it.</summary>
[TestClass]
public sealed class BranchTests
{
    sealed class PatchedBuilder(IApplicationBuilder real) : IApplicationBuilder
    {
        public IServiceProvider ApplicationServices { get => real.ApplicationServices; set => real.ApplicationServices = value; }

        public IFeatureCollection ServerFeatures => real.ServerFeatures;

        public IDictionary<string, object?> Properties => real.Properties;

        public RequestDelegate Build() => real.Build();

        public IApplicationBuilder New() => new PatchedBuilder(real.New());

        public IApplicationBuilder Use(Func<RequestDelegate, RequestDelegate> middleware)
        {
            real.Use(MiddlewareComponent.Wrap(real, middleware));
            return this;
        }
    }

    static PatchedBuilder Builder() => new(new ApplicationBuilder(new ServiceCollection().BuildServiceProvider()));

    /// <summary>The names of the spans of a request, the outermost first.</summary>
    static string Spans(RequestDelegate pipeline, string path)
    {
        using var spans = new Spans("Agent.AspNetCore");
        using var request = spans.Start("request");
        pipeline(new DefaultHttpContext { Request = { Path = path } }).GetAwaiter().GetResult();
        return string.Join(" > ", spans.Ended.AsEnumerable().Reverse().Select(span => span.DisplayName));
    }

    static Task Answer(HttpContext context) => Task.CompletedTask;

    [TestMethod]
    public void A_map_has_a_span_where_it_is_taken() =>
        IsWhereTaken("middleware Map /a > middleware BranchTests", app => app.Map("/a", branch => branch.Run(Answer)));

    [TestMethod]
    public void A_branch_on_a_condition_has_a_span_where_it_is_taken() =>
        IsWhereTaken("middleware MapWhen > middleware BranchTests", app => app.MapWhen(context => context.Request.Path == "/a", branch => branch.Run(Answer)));

    [TestMethod]
    public void A_branch_that_comes_back_is_around_what_comes_after_it_where_it_is_taken() =>
        IsWhereTaken("middleware UseWhen > middleware Step > middleware BranchTests",
            app => app.UseWhen(context => context.Request.Path == "/a", branch => branch.Use(next => new Step(next).Invoke)));

    /// <summary>For /a; a request for /b has only the span of what comes after the branch.</summary>
    static void IsWhereTaken(string spans, Action<IApplicationBuilder> addBranch)
    {
        var builder = Builder();
        addBranch(builder);
        builder.Run(Answer);
        var pipeline = builder.Build();
        Assert.AreEqual(spans, Spans(pipeline, "/a"));
        Assert.AreEqual("middleware BranchTests", Spans(pipeline, "/b"));
    }

    [TestMethod]
    public void A_branch_in_a_branch_has_a_span_inside()
    {
        var builder = Builder();
        builder.UseWhen(_ => true, outer => outer.UseWhen(_ => true, inner => inner.Map("/a", branch => branch.Run(Answer))));
        Assert.AreEqual("middleware UseWhen > middleware UseWhen > middleware Map /a > middleware BranchTests", Spans(builder.Build(), "/a"));
    }

    [TestMethod]
    public void A_pipeline_that_is_built_twice_has_one_span_for_a_branch()
    {
        var builder = Builder();
        builder.MapWhen(_ => true, branch => branch.Map("/a", inner => inner.Run(Answer)));
        builder.Build();
        Assert.AreEqual("middleware MapWhen > middleware Map /a > middleware BranchTests", Spans(builder.Build(), "/a"));
    }

    [TestMethod]
    public void A_branch_that_throws_has_failed()
    {
        var builder = Builder();
        builder.Map("/a", branch => branch.Run(_ => throw new TimeoutException("late")));
        using var spans = new Spans("Agent.AspNetCore");
        using var request = spans.Start("request");
        var pipeline = builder.Build();
        Assert.ThrowsExactly<TimeoutException>(() => pipeline(new DefaultHttpContext { Request = { Path = "/a" } }).GetAwaiter().GetResult());
        Assert.AreEqual("middleware Map /a", spans.Ended[^1].DisplayName);
        Assert.AreEqual(ActivityStatusCode.Error, spans.Ended[^1].Status);
    }

    sealed class Step(RequestDelegate next)
    {
        public Task Invoke(HttpContext context) => next(context);
    }
}
