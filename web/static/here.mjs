// "用我的位置": fills in where the phone says it is. Without a script the reason is written, or the numbers are.

const WAIT_MS = 20_000;
const group = document.getElementById("f-position");

if (group && navigator.geolocation) {
  const button = document.createElement("button");
  const told = document.createElement("p");
  button.type = "button";
  button.className = "c-more";
  button.textContent = "用我的位置";
  told.className = "hint";
  told.setAttribute("role", "status");
  group.querySelector("legend").after(button, told);
  button.addEventListener("click", () => {
    told.textContent = "正在定位…";
    const options = { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 };
    navigator.geolocation.getCurrentPosition(({ coords }) => fill(coords, told), () => missed(told), options);
  });
}

/** A phone's fix is WGS84, whatever map it shows. */
function fill(coords, told) {
  field("lon").value = coords.longitude.toFixed(6);
  field("lat").value = coords.latitude.toFixed(6);
  const datum = group.querySelector('[name="position.crs"][value="wgs84"]');
  if (datum) datum.checked = true;
  told.textContent = `已定位，误差约 ${Math.round(coords.accuracy)} 米。`;
}

function missed(told) {
  told.textContent = "没有定到位。请走到空旷处再试，或者在下面写明原因。";
}

function field(name) {
  return group.querySelector(`[name="position.${name}"]`);
}
