using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Agent.UnitTests;

[TestClass]
public sealed class ActionResultTests : IDisposable
{
    readonly Spans _spans = new();

    public void Dispose() => _spans.Dispose();

    /// <summary>The span's tags and whether it is an error: «known_error 500 error».</summary>
    string Describe(IActionResult? result, bool isValid = true, Exception? exception = null, bool isAbort = false)
    {
        var model = new ModelStateDictionary();
        if (!isValid)
        {
            model.AddModelError("Name", "is missing");
            model.AddModelError("Email", "is none");
        }
        using var span = _spans.Start("handler");
        AspNetCore.ActionResult.Describe(span, exception, result, model, _ => isAbort ? "aborted" : null);
        string[] names = ["dispatch.result.type", "dispatch.result.status", "dispatch.result.location", "dispatch.modelstate.error_count", "error.type"];
        var known = names.Select(name => span.GetTagItem(name)).Where(value => value is not null).ToList();
        Assert.HasCount(known.Count, span.TagObjects);
        return string.Join(' ', known) + (span.Status == ActivityStatusCode.Error ? " error" : "");
    }

    [TestMethod]
    public void Success()
    {
        Assert.AreEqual("success 200", Describe(null));
        Assert.AreEqual("success 200", Describe(new PageResult()));
        Assert.AreEqual("success 200", Describe(new ViewResult()));
        Assert.AreEqual("success 200", Describe(new ContentResult()));
        Assert.AreEqual("success 200", Describe(new ObjectResult("x")));
        Assert.AreEqual("success 202", Describe(new PageResult { StatusCode = 202 }));
        Assert.AreEqual("success 201", Describe(new CreatedResult()));
        Assert.AreEqual("success 204", Describe(new StatusCodeResult(204)));
    }

    [TestMethod]
    public void Invalid_input_that_shows_the_page_again_is_a_failure()
    {
        Assert.AreEqual("failure 200 2", Describe(null, isValid: false));
        Assert.AreEqual("failure 200 2", Describe(new PageResult(), isValid: false));
        Assert.AreEqual("failure 200 2", Describe(new ViewResult(), isValid: false));
        Assert.AreEqual("failure 200 2", Describe(new PartialViewResult(), isValid: false));
    }

    [TestMethod]
    public void Invalid_input_that_is_answered_with_something_else_is_that_something()
    {
        Assert.AreEqual("success 200 2", Describe(new JsonResult("x"), isValid: false));
        Assert.AreEqual("known_error 404 2", Describe(new NotFoundResult(), isValid: false));
        Assert.AreEqual("redirect 302 /", Describe(new RedirectResult("/"), isValid: false));
    }

    [TestMethod]
    public void Statuses_400_and_422_are_failures()
    {
        Assert.AreEqual("failure 400", Describe(new BadRequestResult()));
        Assert.AreEqual("failure 400 2", Describe(new BadRequestObjectResult("x"), isValid: false));
        Assert.AreEqual("failure 422", Describe(new UnprocessableEntityResult()));
        Assert.AreEqual("failure 400", Describe(new PageResult { StatusCode = 400 }));
    }

    [TestMethod]
    public void Other_statuses_from_400_on_are_known_errors_and_from_500_on_errors_of_the_span()
    {
        Assert.AreEqual("known_error 404", Describe(new NotFoundResult()));
        Assert.AreEqual("known_error 404", Describe(new NotFoundObjectResult("x")));
        Assert.AreEqual("known_error 401", Describe(new ChallengeResult()));
        Assert.AreEqual("known_error 403", Describe(new ForbidResult()));
        Assert.AreEqual("known_error 499", Describe(new StatusCodeResult(499)));
        Assert.AreEqual("known_error 500 500 error", Describe(new StatusCodeResult(500)));
        Assert.AreEqual("known_error 503 503 error", Describe(new ObjectResult("x") { StatusCode = 503 }));
    }

    [TestMethod]
    [DataRow(false, false, 302)]
    [DataRow(true, false, 301)]
    [DataRow(false, true, 307)]
    [DataRow(true, true, 308)]
    public void A_redirect_has_its_status_and_where_it_leads(bool permanent, bool preserveMethod, int status)
    {
        Assert.AreEqual($"redirect {status} /thanks", Describe(new RedirectResult("/thanks", permanent, preserveMethod)));
        Assert.AreEqual($"redirect {status} /thanks", Describe(new LocalRedirectResult("/thanks", permanent, preserveMethod)));
        Assert.AreEqual($"redirect {status} /Thanks", Describe(new RedirectToPageResult("/Thanks", null, null, permanent, preserveMethod, null)));
        Assert.AreEqual($"redirect {status} Thanks", Describe(new RedirectToActionResult("Thanks", "Orders", null, permanent, preserveMethod)));
        Assert.AreEqual($"redirect {status} thanks", Describe(new RedirectToRouteResult("thanks", null, permanent, preserveMethod)));
    }

    [TestMethod]
    [DataRow("/thanks?email=ada@example.org", "/thanks")]
    [DataRow("/thanks#ada", "/thanks")]
    [DataRow("https://example.org/thanks?a=1#b", "https://example.org/thanks")]
    public void The_query_of_a_redirect_stays_here(string url, string location) => Assert.AreEqual($"redirect 302 {location}", Describe(new RedirectResult(url)));

    [TestMethod]
    public void Route_values_of_a_redirect_stay_here()
    {
        Assert.AreEqual("redirect 302 /Thanks", Describe(new RedirectToPageResult("/Thanks", new { email = "ada@example.org" })));
        Assert.AreEqual("redirect 302", Describe(new RedirectToRouteResult(new { email = "ada@example.org" })));
    }

    [TestMethod]
    public void An_exception_is_an_unknown_error_whatever_the_result() => Assert.AreEqual("unknown_error", Describe(new PageResult(), exception: new FormatException()));

    [TestMethod]
    public void An_exception_because_the_client_is_gone_is_an_abort() =>
        Assert.AreEqual("aborted", Describe(null, exception: new OperationCanceledException(), isAbort: true));
}
