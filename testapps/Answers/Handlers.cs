using System.ComponentModel.DataAnnotations;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Answers;

[JsonDerivedType(typeof(Circle), "circle")]
record Shape;

sealed record Circle(double R) : Shape;

public sealed record Order([property: Range(1, 10)] int Quantity, string? Note);

readonly record struct Point(int X, int Y);

sealed record Paging(int Page, int Size = 10);

/// <summary>Handlers of all result types, kinds of asynchrony, nullability and binding.</summary>
static class Handlers
{
    static readonly List<string> All = [];

    /// <summary>What can be asked by GET, below each group.</summary>
    public static IReadOnlyList<string> Paths => [.. All.Distinct()];

    public static void Map(RouteGroupBuilder group)
    {
        // values
        Get("text", () => "text");
        Get("text/null", string? () => null);
        Get("number", () => 42);
        Get("number/null", int? () => null);
        Get("number/there", int? () => 42);
        Get("date", () => new DateOnly(2026, 11, 27));
        Get("bytes", () => new byte[] { 1, 2, 3 });
        Get("struct", () => new Point(1, 2));
        Get("struct/null", Point? () => null);
        Get("circle", () => new Circle(2));
        Get("shape", Shape () => new Circle(2));
        Get("shapes", () => new Shape[] { new Circle(1), new() });
        Get("record/null", Circle? () => null);
        Get("anonymous", () => new { Name = "Ada", Age = 36 });
        Get("list", () => new List<Circle> { new(1) });
        Get("sequence", () => Enumerable.Range(1, 3).Select(i => new Circle(i)));
        Get("object/text", object () => "text");
        Get("object/circle", object () => new Circle(2));
        Get("object/result", object () => Results.Accepted());
        Get("object/null", object? () => null);
        Get("object/task", object () => Task.FromResult("inside"));
        Get("void", (HttpContext context) => { context.Response.StatusCode = 202; });

        // results
        Get("result", () => Results.Ok(new Circle(2)));
        Get("result/null", IResult? () => null);
        Get("result/typed", () => TypedResults.Ok(new Circle(2)));
        Get("result/typed/shape", () => TypedResults.Ok<Shape>(new Circle(2)));
        Get("result/union", Results<Ok<Circle>, NotFound> (bool? found) => found == false ? TypedResults.NotFound() : TypedResults.Ok(new Circle(2)));
        Get("result/json", () => Results.Json(new Circle(2), statusCode: 203));
        Get("result/text", () => Results.Text("<b>text</b>", "text/html"));
        Get("result/problem", () => Results.Problem("no", statusCode: 409));
        Get("result/validation", () => Results.ValidationProblem(new Dictionary<string, string[]> { ["name"] = ["missing"] }));
        Get("result/redirect", () => Results.Redirect("/elsewhere"));
        Get("result/status", () => Results.StatusCode(418));
        Get("result/no-content", () => TypedResults.NoContent());
        Get("result/file", () => Results.File("file"u8.ToArray(), "text/plain", "name.txt"));
        Get("result/stream", () => Results.Stream(new MemoryStream("stream"u8.ToArray()), "text/plain"));
        Get("result/stream/written", () => Results.Stream(async stream => await stream.WriteAsync("written"u8.ToArray())));
        Get("result/events", () => TypedResults.ServerSentEvents(Events()));

        // tasks
        Get("task", async () => { await Task.Yield(); });
        Get("task/done", () => Task.CompletedTask);
        Get("task/text", async () => { await Task.Yield(); return "text"; });
        Get("task/text/null", () => Task.FromResult<string?>(null));
        Get("task/number", () => Task.FromResult(42));
        Get("task/circle", async () => { await Task.Yield(); return new Circle(2); });
        Get("task/shape", async Task<Shape> () => { await Task.Yield(); return new Circle(2); });
        Get("task/record/null", () => Task.FromResult<Circle?>(null));
        Get("task/result", async () => { await Task.Yield(); return Results.Ok(new Circle(2)); });
        Get("task/result/null", () => Task.FromResult<IResult?>(null));
        Get("task/object", () => Task.FromResult<object>(new Circle(2)));
        Get("task/object/null", () => Task.FromResult<object?>(null));
        Get("task/null", Task? () => null);
        Get("valuetask", async ValueTask () => await Task.Yield());
        Get("valuetask/text", async ValueTask<string> () => { await Task.Yield(); return "text"; });
        Get("valuetask/text/null", () => ValueTask.FromResult<string?>(null));
        Get("valuetask/circle", () => ValueTask.FromResult(new Circle(2)));
        Get("valuetask/result", () => ValueTask.FromResult(Results.Ok(1)));
        Get("valuetask/result/null", () => ValueTask.FromResult<IResult?>(null));
        Get("stream/numbers", Numbers);
        Get("stream/circles", Circles);

        // exceptions, none after a wait: which frames there are then depends on who was faster
        Get("throws", string () => throw new InvalidOperationException("thrown"));
        Get("throws/task", async Task<string> () => { await Task.CompletedTask; throw new InvalidOperationException("thrown in a task"); });
        Get("throws/valuetask", async ValueTask<Circle> () => { await Task.CompletedTask; throw new InvalidOperationException("thrown in a task"); });
        Get("throws/void", void () => throw new InvalidOperationException("thrown"));
        Get("throws/stream", Breaking);
        Get("throws/bad", string () => throw new BadHttpRequestException("bad", 422));
        Get("cancelled", async Task<string> () => { await Task.FromCanceled(new CancellationToken(canceled: true)); return ""; });

        // binding
        Get("bind/query", (int number, string? text) => $"{number} {text}");
        Get("bind/header", ([FromHeader(Name = "X-Number")] int number) => number);
        Get("bind/parameters", ([AsParameters] Paging paging) => paging);
        Get("bind/array", (int[] numbers) => numbers.Sum());
        Get("bind/service", (IHostEnvironment environment) => environment.ApplicationName);
        Get("bind/custom", (Temperature temperature) => temperature.Degrees);
        group.MapPost("body", (Order order) => order);
        group.MapPost("body/optional", (Order? order) => order?.Note ?? "none");
        group.MapPost("form", ([FromForm] int quantity, [FromForm] string note) => $"{quantity} {note}").DisableAntiforgery();
        group.MapPost("form/checked", ([FromForm] int quantity) => quantity);
        group.MapPost("files", async (IFormFileCollection files) => { await Task.Yield(); return files.Select(file => $"{file.Name} {file.Length}"); }).DisableAntiforgery();
        group.MapPost("echo", async (Stream body) => { using var reader = new StreamReader(body); return await reader.ReadToEndAsync(); });

        void Get(string path, Delegate handler)
        {
            All.Add(path);
            group.MapGet(path, handler);
        }
    }

    static async IAsyncEnumerable<int> Numbers([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(1, cancellation);
            yield return i;
        }
    }

    static async IAsyncEnumerable<Circle> Circles()
    {
        await Task.Yield();
        yield return new Circle(1);
    }

    static async IAsyncEnumerable<int> Breaking()
    {
        await Task.CompletedTask;
        if (DateTime.UtcNow.Year > 2000)
            throw new InvalidOperationException("thrown while streaming");
        yield return 1;
    }

    static async IAsyncEnumerable<SseItem<string>> Events()
    {
        await Task.Yield();
        yield return new SseItem<string>("first", "note");
        yield return new SseItem<string>("second");
    }
}

/// <summary>Binds itself.</summary>
sealed record Temperature(double Degrees)
{
    public static ValueTask<Temperature?> BindAsync(HttpContext context) =>
        ValueTask.FromResult(double.TryParse(context.Request.Query["degrees"], out var degrees) ? new Temperature(degrees) : null);
}
