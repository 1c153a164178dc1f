using System.Net;
using System.Text.RegularExpressions;

namespace Agent.IntegrationTests;

/// <summary>Blazor: pages rendered on the server, streaming, forms, circuits and calls from JavaScript.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed partial class CounterTests
{
    [TestMethod]
    public Task Page_that_loads_data() => Loaded("/weather", HttpStatusCode.OK, "18 °C".ToUpperInvariant());

    [TestMethod]
    public Task Page_that_streams() => Loaded("/streamed", HttpStatusCode.OK, "<blazor-ssr>");

    [TestMethod]
    public Task Page_without_lifecycle_methods() => Loaded("/thanks", HttpStatusCode.OK, "Thank you.");

    [TestMethod]
    public Task Redirect_from_a_load() => Loaded("/moved", HttpStatusCode.Redirect, "");

    [TestMethod]
    public Task Exception_of_a_load() => Loaded("/broken", HttpStatusCode.InternalServerError, "Something went wrong.");

    [TestMethod]
    public Task Form_that_succeeds() => Posted("/poll", HttpStatusCode.OK, "It will be 18 °C.", ("_handler", "vote"));

    [TestMethod]
    public Task Form_that_redirects() => Posted("/subscribe", HttpStatusCode.Redirect, "", ("_handler", "subscription"), ("Model.Email", "ada@example.org"));

    [TestMethod]
    public Task Form_that_redirects_without_an_exception() =>
        Posted("/subscribe", HttpStatusCode.Redirect, "", ("_handler", "subscription"), ("Model.Email", "ada@example.org"), ("NavigateWithoutException", "true"));

    [TestMethod]
    public Task Form_that_fails_validation() => Posted("/subscribe", HttpStatusCode.OK, "not a valid e-mail address", ("_handler", "subscription"), ("Model.Email", "ada"));

    [TestMethod]
    public Task Form_that_throws() => Posted("/poll", HttpStatusCode.InternalServerError, "Something went wrong.", ("_handler", "cheat"));

    [TestMethod]
    public Task Form_that_is_not_on_the_page() => Posted("/poll", HttpStatusCode.BadRequest, "", ("_handler", "a secret"));

    [TestMethod]
    public async Task Form_without_antiforgery_token()
    {
        await using var app = await TracedApp.Start("Counter");
        using var content = new FormUrlEncodedContent([new("_handler", "vote")]);
        using var response = await app.Client.PostAsync("/poll", content);
        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
        Snapshot.Matches((await app.Stop()).Traces);
    }

    [TestMethod]
    public Task Event() => InCircuit(circuit => circuit.Dispatch(1, "click", Click), isWhole: true);

    [TestMethod]
    public Task Event_that_loads_data_for_another_component() => InCircuit(circuit => circuit.Dispatch(2, "click", Click));

    [TestMethod]
    public Task Event_that_throws() => InCircuit(circuit => circuit.Dispatch(3, "click", Click));

    [TestMethod]
    public Task Event_after_which_the_markup_throws() => InCircuit(circuit => circuit.Dispatch(4, "click", Click));

    [TestMethod]
    public Task Binding() => InCircuit(circuit => circuit.Dispatch(5, "change", new { value = "a secret" }));

    [TestMethod]
    public Task Call_of_a_static_method_from_JavaScript() =>
        InCircuit(async circuit => Assert.AreEqual("3", await circuit.Invoke("Counter", "Add", 0, "[1,2]")));

    [TestMethod]
    public Task Call_of_a_method_from_JavaScript() =>
        InCircuit(async circuit => Assert.AreEqual("3", await circuit.Invoke(null, "divide", circuit.Reference, "[6,2]")));

    [TestMethod]
    public Task Call_from_JavaScript_that_throws() =>
        InCircuit(async circuit => StringAssert.Contains(await circuit.Invoke(null, "divide", circuit.Reference, "[6,0]"), "exception"));

    [TestMethod]
    public Task Call_from_JavaScript_of_nothing() =>
        InCircuit(async circuit => StringAssert.Contains(await circuit.Invoke("Counter", "a secret", 0, "[]"), "exception"));

    static object Click => new { type = "click" };

    static async Task Loaded(string path, HttpStatusCode status, string text, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Counter");
        using var response = await app.Client.GetAsync(path);
        Assert.AreEqual(status, response.StatusCode);
        StringAssert.Contains(WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), text);
        Snapshot.Matches((await app.Stop()).Traces, test: test);
    }

    /// <summary>Posts a form as the page has it, with the token; the trace of loading that is left out.</summary>
    static async Task Posted(string path, HttpStatusCode status, string text, (string Name, string Value) handler, (string Name, string Value) field = default,
        (string Name, string? Value) setting = default, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Counter", setting.Name is null ? [] : [setting]);
        var page = await app.Client.GetStringAsync(path);
        (string Name, string Value)[] fields = [handler, field, ("__RequestVerificationToken", Token().Match(page).Groups[1].Value)];
        using var content = new FormUrlEncodedContent(fields.Where(item => item.Name is not null).ToDictionary(item => item.Name, item => item.Value));
        using var response = await app.Client.PostAsync(path, content);
        Assert.AreEqual(status, response.StatusCode);
        StringAssert.Contains(WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), text);
        Snapshot.Matches((await app.Stop()).Traces.Skip(1), test: test);
    }

    /// <param name="call">What happens in the circuit.</param>
    /// <param name="isWhole">Compares also how the circuit has come about, which is the same every time.</param>
    static async Task InCircuit(Func<Circuit, Task> call, bool isWhole = false, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Counter");
        using (var circuit = await Circuit.Start(app.Client, new Uri(app.Client.BaseAddress!, "/tally")))
        {
            await call(circuit);
            await circuit.Close();
        }
        var traces = (await app.Stop()).Traces;
        Snapshot.Matches(isWhole ? traces : traces.SkipWhile(trace => trace.Roots[0].Span.Name != "ComponentHub/BeginInvokeDotNetFromJS"), test: test);
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();
}
