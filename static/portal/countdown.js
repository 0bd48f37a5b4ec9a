// How long is left before a deadline: the page came with what the server's clock said; this only counts from there.

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const ALOUD = [HOUR, 10 * MINUTE, MINUTE, 0];

// The server read its clock after the page was asked for, so that nobody is ever promised more time than there is.
// `performance.now` may stop while the computer sleeps, and the clock of the computer may be set back: the longer holds.
const elapsed = () => Math.max(performance.now(), Date.now() - performance.timeOrigin);

const counted = (number, unit) => `${number}\u00a0${unit}${number > 1 ? "s" : ""}`;
const two = (number) => String(number).padStart(2, "0");

function told(left) {
  const days = Math.floor(left / DAY), hours = Math.floor(left / HOUR);
  const minutes = Math.floor(left / MINUTE) % 60, seconds = Math.floor(left / SECOND) % 60;
  if (days >= 2) return counted(days, "jour");
  if (hours) return `${hours}\u00a0h\u00a0${two(minutes)}\u00a0min`;
  return minutes ? `${minutes}\u00a0min\u00a0${two(seconds)}\u00a0s` : counted(seconds, "seconde");
}

function follow(line) {
  const words = line.querySelector("span"), served = words.textContent;
  const region = document.getElementById("annonces");
  const left = () => Number(line.dataset.deadline) * SECOND - Number(line.dataset.now) * SECOND - elapsed();
  let before = left(), timer;

  const update = () => {
    const now = left();
    // Beyond three months, the months of the calendar are the server's affair.
    if (now < 90 * DAY) words.textContent = now > 0 ? `Il reste ${told(now)}` : "La date limite est passée";
    else words.textContent = served;
    if (ALOUD.some((mark) => now <= mark && mark < before) && region) region.textContent = words.textContent;
    before = now;
    clearTimeout(timer);
    if (now > 0) timer = setTimeout(update, now < HOUR ? (now % SECOND) + 1 : Math.min(now % MINUTE, MINUTE) + 1);
  };

  update();
  // A page that slept, or that the « back » button brings back, tells the time at once.
  document.addEventListener("visibilitychange", update);
}

for (const line of document.querySelectorAll("[data-deadline]")) follow(line);
