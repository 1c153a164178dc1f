using Counter;
using Counter.Components;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddHttpClient<Forecasts>();
// What the project property BlazorDisableThrowNavigationException sets, as new projects have it: NavigateTo goes on instead of throwing.
AppContext.SetSwitch("Microsoft.AspNetCore.Components.Endpoints.NavigationManager.DisableThrowNavigationException", builder.Configuration.GetValue<bool>("NavigateWithoutException"));
var app = builder.Build();
app.UseExceptionHandler("/Error", createScopeForErrors: true);
app.UseAntiforgery();
app.MapGet("/api/forecasts", async () =>
{
    await Task.Yield();
    return Enumerable.Range(18, 2).Select(degrees => $"{degrees} °C");
});
app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.Run();
