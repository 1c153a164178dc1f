using System.Runtime.CompilerServices;
using Agent.AspNetCore.Hooks;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Agent.UnitTests;

/// <summary>With the components that the framework's own extension methods make.</summary>
[TestClass]
public sealed class MiddlewareNameTests
{
    const string Here = "Agent.UnitTests.MiddlewareNameTests";
    static readonly IServiceProvider Services = new ServiceCollection()
        .AddLogging().AddRouting().AddHostFiltering(_ => { }).AddAuthentication().Services.AddAuthorization()
        .AddSingleton<System.Diagnostics.DiagnosticListener>(_ => new("tests")).AddTransient<VisitorMiddleware>().BuildServiceProvider();

    /// <summary>Keeps what is given to Use.</summary>
    sealed class Recorder : IApplicationBuilder
    {
        readonly ApplicationBuilder _real = new(Services);

        public List<Func<RequestDelegate, RequestDelegate>> Components { get; } = [];

        public IServiceProvider ApplicationServices { get => _real.ApplicationServices; set => _real.ApplicationServices = value; }

        public IFeatureCollection ServerFeatures => _real.ServerFeatures;

        public IDictionary<string, object?> Properties => _real.Properties;

        public RequestDelegate Build() => _real.Build();

        public IApplicationBuilder New() => _real.New();

        public IApplicationBuilder Use(Func<RequestDelegate, RequestDelegate> middleware)
        {
            Components.Add(middleware);
            return this;
        }
    }

    static Func<RequestDelegate, RequestDelegate> Component(Action<IApplicationBuilder> add)
    {
        var recorder = new Recorder();
        add(recorder);
        return recorder.Components.Single();
    }

    static MiddlewareName NameOf(Action<IApplicationBuilder> add)
    {
        var component = Component(add);
        return MiddlewareName.Of(component, component(static _ => Task.CompletedTask));
    }

    static void IsLambdaAt(int line, MiddlewareName name, bool isTerminal = false, [CallerFilePath] string file = "", [CallerMemberName] string caller = "")
    {
        Assert.AreEqual($"middleware MiddlewareNameTests.cs:{line}", name.SpanName);
        Assert.AreEqual(new SourceLine(file, line), name.Line);
        StringAssert.StartsWith(name.Function, $"{Here}.<{caller}>b__");
        Assert.AreEqual(isTerminal, name.IsTerminal);
    }

    static void Is(string spanName, string? function, bool isTerminal, MiddlewareName name)
    {
        Assert.AreEqual(spanName, name.SpanName);
        Assert.AreEqual(function, name.Function);
        Assert.AreEqual(isTerminal, name.IsTerminal);
        Assert.IsNull(name.Line);
    }

    static int Line([CallerLineNumber] int line = 0) => line;

    class ConventionMiddleware(RequestDelegate next)
    {
        public Task InvokeAsync(HttpContext context) => next(context);
    }

    sealed class VisitorMiddleware : IMiddleware
    {
        public Task InvokeAsync(HttpContext context, RequestDelegate next) => next(context);
    }

    sealed class CornerMiddlewareImpl(RequestDelegate next) : ConventionMiddleware(next);

    sealed class DoorMiddlewareInternal(RequestDelegate next) : ConventionMiddleware(next);

    sealed class Middleware(RequestDelegate next) : ConventionMiddleware(next);

    sealed class Plain(RequestDelegate next) : ConventionMiddleware(next);

    sealed class TenantMiddleware<T>(RequestDelegate next) : ConventionMiddleware(next)
    {
        public sealed class InnerMiddleware(RequestDelegate next) : ConventionMiddleware(next);
    }

    [TestMethod]
    public void A_middleware_class_gives_its_name_without_the_word_middleware()
    {
        Is("middleware Convention", $"{Here}+ConventionMiddleware.InvokeAsync", false, NameOf(app => app.UseMiddleware<ConventionMiddleware>()));
        Is("middleware Visitor", $"{Here}+VisitorMiddleware.InvokeAsync", false, NameOf(app => app.UseMiddleware<VisitorMiddleware>()));
        Is("middleware Corner", $"{Here}+CornerMiddlewareImpl.InvokeAsync", false, NameOf(app => app.UseMiddleware<CornerMiddlewareImpl>()));
        Is("middleware Door", $"{Here}+DoorMiddlewareInternal.InvokeAsync", false, NameOf(app => app.UseMiddleware<DoorMiddlewareInternal>()));
        Is("middleware Plain", $"{Here}+Plain.InvokeAsync", false, NameOf(app => app.UseMiddleware<Plain>()));
        Is("middleware Middleware", $"{Here}+Middleware.InvokeAsync", false, NameOf(app => app.UseMiddleware<Middleware>()));
    }

    [TestMethod]
    public void A_generic_middleware_class_gives_its_name_without_type_arguments()
    {
        Is("middleware Tenant", $"{Here}+TenantMiddleware`1[System.String].InvokeAsync", false, NameOf(app => app.UseMiddleware<TenantMiddleware<string>>()));
        Is("middleware Inner", $"{Here}+TenantMiddleware`1+InnerMiddleware[System.String].InvokeAsync", false, NameOf(app => app.UseMiddleware<TenantMiddleware<string>.InnerMiddleware>()));
        Is("middleware Tenant", $"{Here}+TenantMiddleware`1[System.String].InvokeAsync", false, NameOf(app => app.Use(next => new TenantMiddleware<string>(next).InvokeAsync)));
    }

    [TestMethod]
    public void A_middleware_of_the_framework_gives_its_name_without_its_method()
    {
        Is("middleware HttpMethodOverride", null, false, NameOf(app => app.UseHttpMethodOverride()));
        Is("middleware StatusCodePages", null, false, NameOf(app => app.UseStatusCodePagesWithReExecute("/status"))); // a closure of its own kind
    }

    [TestMethod]
    public void A_lambda_is_called_by_its_place()
    {
        IsLambdaAt(Line(), NameOf(app => app.Use((HttpContext context, RequestDelegate next) => next(context))));
        IsLambdaAt(Line(), NameOf(app => app.Use((HttpContext _, Func<Task> next) => next())));
        IsLambdaAt(Line(), NameOf(app => app.Use(async (context, next) => await next(context))));
        IsLambdaAt(Line(), NameOf(app => app.Use(next => context => next(context))));
        IsLambdaAt(Line(), NameOf(app => app.Run(_ => Task.CompletedTask)), isTerminal: true);
        IsLambdaAt(Line(), NameOf(app => app.Run(async context => await Task.Yield())), isTerminal: true);
    }

    [TestMethod]
    public void A_lambda_that_captures_is_called_by_its_place()
    {
        var captured = new object();
        RequestDelegate next = Answer;
        IsLambdaAt(Line(), NameOf(app => app.Use((context, following) => context == captured ? Task.CompletedTask : following(context))));
        IsLambdaAt(Line(), NameOf(app => app.Run(context => context == captured ? next(context) : Task.CompletedTask)), isTerminal: true);
    }

    [TestMethod]
    public void A_lambda_of_several_lines_is_called_by_its_first()
    {
        var name = NameOf(app => app.Use(async (context, next) =>
        {
            await next(context);
        }));
        Assert.IsInRange(Line() - 3, Line() - 2, name.Line!.Number); // of the opening brace; optimized, it has no code
    }

    static Task Answer(HttpContext context) => Task.CompletedTask;

    static RequestDelegate Pass(RequestDelegate next) => new Plain(next).InvokeAsync;

    [TestMethod]
    public void A_method_is_called_by_its_class()
    {
        Is("middleware MiddlewareNameTests", $"{Here}.Answer", true, NameOf(app => app.Run(Answer)));
        Is("middleware Plain", $"{Here}+Plain.InvokeAsync", false, NameOf(app => app.Use(next => new Plain(next).InvokeAsync)));
        Is("middleware Plain", $"{Here}+Plain.InvokeAsync", false, NameOf(app => app.Use(Pass)));
    }

    [TestMethod]
    public void A_branch_is_called_by_its_kind_and_path()
    {
        Is("middleware Map /branch", null, true, NameOf(app => app.Map("/branch", _ => { })));
        Is("middleware Map /a/b", null, true, NameOf(app => app.Map(new PathString("/a/b"), preserveMatchedPathSegment: true, _ => { })));
        Is("middleware MapWhen", null, true, NameOf(app => app.MapWhen(_ => true, _ => { })));
        Is("middleware UseWhen", null, true, NameOf(app => app.UseWhen(_ => true, _ => { })));
    }

    [TestMethod]
    public void A_component_that_is_no_framework_closure_is_called_by_what_it_makes() =>
        Is("middleware Plain", $"{Here}+Plain.InvokeAsync", false, MiddlewareName.Of(Pass, Pass(Answer)));

    [TestMethod]
    public void Host_filtering_is_plumbing_wherever_it_is()
    {
        var component = Component(app => app.UseHostFiltering());
        Assert.IsTrue(MiddlewareName.IsPlumbing(component, isOfHost: true));
        Assert.IsTrue(MiddlewareName.IsPlumbing(component, isOfHost: false));
    }

    [TestMethod]
    public void What_the_host_adds_is_plumbing_there_and_the_apps_own_where_the_app_adds_it()
    {
        Action<IApplicationBuilder>[] adds =
        [
            app => app.UseDeveloperExceptionPage(),
            app => app.UseRouting(),
            app => app.UseAuthentication(),
            app => app.UseAuthorization(),
            app =>
            {
                app.Properties["__EndpointRouteBuilder"] = new Endpoints(app);
                app.UseEndpoints(_ => { });
            },
        ];
        foreach (var add in adds)
        {
            var component = Component(add);
            Assert.IsTrue(MiddlewareName.IsPlumbing(component, isOfHost: true), component.Target?.ToString());
            Assert.IsFalse(MiddlewareName.IsPlumbing(component, isOfHost: false), component.Target?.ToString());
        }
    }

    sealed class Endpoints(IApplicationBuilder app) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => app.ApplicationServices;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => app.New();
    }

    [TestMethod]
    public void What_the_app_adds_is_no_plumbing()
    {
        Action<IApplicationBuilder>[] adds =
        [
            app => app.UseMiddleware<ConventionMiddleware>(), app => app.UseMiddleware<VisitorMiddleware>(), app => app.UseStaticFiles(),
            app => app.Use((context, next) => next(context)), app => app.Run(Answer), app => app.Map("/branch", _ => { }), app => app.Use(Pass),
        ];
        foreach (var add in adds)
        {
            var component = Component(add);
            Assert.IsFalse(MiddlewareName.IsPlumbing(component, isOfHost: true), component.Target?.ToString());
            Assert.IsFalse(MiddlewareName.IsSplice(component), component.Target?.ToString());
        }
    }
}
