% Reads a Soleus session, prints its contractions and plots its velocities.
%
%     octave tools/readers/read_session.m first.h5 first.png     % Debian: octave octave-netcdf gnuplot-nox
%                                                                  fonts-freefont-otf
%
% MATLAB reads the same with ncread or h5read; there: read_session('first.h5', 'first.png') as a function, without the lines
% that begin with pkg, warning, graphics_toolkit and argv.
pkg load netcdf
% A picture without a window.
warning('off', 'Octave:gnuplot-graphics');
graphics_toolkit('gnuplot');
set(0, 'defaultaxesfontsize', 5, 'defaulttextfontsize', 5, 'defaultlinelinewidth', 1);
files = argv();
if numel(files) ~= 2
  error('usage: octave read_session.m SESSION.h5 PICTURE.png');
end
session = files{1};

time = ncread(session, '/doppler/time');
peak = ncread(session, '/doppler/peak_velocity');
average = ncread(session, '/doppler/mean_velocity');
number = ncread(session, '/contractions/contraction');
onset = ncread(session, '/contractions/onset_s');
last = ncread(session, '/contractions/end_s');
quality = ncread(session, '/contractions/quality');
fastest = ncread(session, '/contractions/peak_velocity_cm_s');
uncertainty = ncread(session, '/contractions/peak_velocity_uncertainty_cm_s');

printf('contraction,onset_s,peak_velocity_cm_s,peak_velocity_uncertainty_cm_s\n');
for n = 1:numel(number)
  printf('%d,%.3f,%.2f,%.2f\n', number(n), onset(n), fastest(n), uncertainty(n));
end

figure('visible', 'off');
plot(time, peak, 'color', [0 0.45 0.7], time, average, 'color', [0.9 0.62 0]);
hold on
for n = 1:numel(number)
  % Below 0.5 a contraction is doubtful: dashed.
  style = '-';
  if quality(n) < 0.5
    style = '--';
  end
  plot([onset(n) last(n)], [-2 -2], style, 'color', [0.3 0.3 0.3], 'linewidth', 4);
end
xlabel('time on the session clock (s)');
ylabel('velocity (cm/s), + toward the heart');
legend('peak velocity', 'mean velocity', 'location', 'northwest');
print(files{2}, '-dpngcairo', '-S1400,560');
