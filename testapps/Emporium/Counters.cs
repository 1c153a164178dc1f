using FastEndpoints;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Wolverine.Http;

namespace Emporium;

public sealed record Ware(int Id, string Name);

public sealed record Wanted(int Id);

/// <summary>FastEndpoints: a class for each endpoint.</summary>
public sealed class ShowWare : Endpoint<Wanted, Ware>
{
    public override void Configure()
    {
        Get("/fast/wares/{Id}");
        AllowAnonymous();
    }

    public override Task HandleAsync(Wanted req, CancellationToken ct) => Send.OkAsync(new Ware(req.Id, "carpet"), ct);
}

public sealed class OrderWare : Endpoint<Wanted, Ware>
{
    public override void Configure()
    {
        Post("/fast/orders");
        AllowAnonymous();
    }

    public override Task<Ware> ExecuteAsync(Wanted req, CancellationToken ct) => Task.FromResult(new Ware(req.Id, "ordered"));
}

/// <summary>Wolverine.Http: methods that it generates code around.</summary>
public static class WareEndpoints
{
    [WolverineGet("/wolverine/wares/{id}")]
    public static string Find(int id) => $"ware {id}";

    [WolverinePost("/wolverine/orders")]
    public static string Order(Wanted wanted) => $"ordered {wanted.Id}";
}

/// <summary>OData: controllers found by its conventions.</summary>
public sealed class WaresController : ODataController
{
    [EnableQuery]
    public IQueryable<Ware> Get() => new[] { new Ware(1, "carpet"), new Ware(2, "lamp") }.AsQueryable();

    public IActionResult Get(int key) => Ok(new Ware(key, "carpet"));
}
