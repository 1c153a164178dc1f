namespace Partners;

/// <summary>A grain in a silo in this process.</summary>
static class OrleansPartner
{
    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration["Partners:Orleans"] is { } ports)
            builder.Host.UseOrleans(silo => silo.UseLocalhostClustering(int.Parse(ports.Split(' ')[0]), int.Parse(ports.Split(' ')[1])).AddActivityPropagation());
    }

    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Orleans"] is not null)
            app.MapGet("/orleans", (string name, IGrainFactory grains) => grains.GetGrain<IClerk>(name).Write());
    }
}

/// <summary>Writes letters.</summary>
public interface IClerk : IGrainWithStringKey
{
    Task<string> Write();
}

/// <summary>One of each name.</summary>
public sealed class Clerk : Grain, IClerk
{
    public Task<string> Write() => Task.FromResult($"Dear {this.GetPrimaryKeyString()}");
}
