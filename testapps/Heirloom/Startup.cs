using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;

namespace Heirloom;

sealed class Startup // not static: it is a type argument
{
    public static void ConfigureServices(IServiceCollection services)
    {
        services.AddMvc(options => options.EnableEndpointRouting = false);
        services.AddRouting();
    }

    public static void Configure(IApplicationBuilder app)
    {
        using var attic = new SqliteConnection("Data Source=:memory:");
        attic.Open();
        using var open = attic.CreateCommand();
        open.CommandText = "SELECT 1";
        open.ExecuteNonQuery();

        app.UseExceptionHandler("/Errors/Broken");
        app.UseStatusCodePagesWithReExecute("/Errors/Missing");
        app.UseRouter(routes => routes.MapGet("ticks/{clock}", (request, response, values) => response.WriteAsync("tick")));
        app.UseMvc(routes => routes
            .MapRoute("areas", "{area:exists}/{controller=Trunk}/{action=Open}")
            .MapRoute("default", "{controller=Clocks}/{action=Index}/{id?}"));
    }
}
